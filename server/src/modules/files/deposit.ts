import { Crypt4ghProblem, parseHeader } from '@geneward/crypt4gh';
import type { Parts } from '../../platform/parts.ts';
import { KeyProblem } from '../../platform/keys/suite.ts';
import { DamagedError } from '../../platform/storage/sealed-body.ts';
import { Problem } from '../../platform/problem.ts';

const magic = Buffer.from('crypt4gh');
/** A header for one reader has 124 bytes; one with thousands of readers still fits. */
const headLimit = 1024 * 1024;

/**
 * What the first bytes of an upload say: `plain`, the length of the Crypt4GH header that they begin with, or undefined while more
 * must come. Throws Problem `encrypted_refused` for what is no header that we read.
 */
export function readHead(head: Uint8Array): 'plain' | number | undefined {
  const begins = head.subarray(0, magic.length);
  if (!magic.subarray(0, begins.length).equals(begins)) return 'plain';
  if (begins.length < magic.length) return undefined;
  try {
    return parseHeader(head).length;
  } catch (error) {
    if (!(error instanceof Crypt4ghProblem)) throw error;
    if (error.code === 'header_cut' && head.length < headLimit) return undefined;
    throw new Problem('encrypted_refused', { params: { reason: error.code } });
  }
}

/** The name of a file without the ending that says that it is encrypted: sheets name what is inside. */
export const plainName = (name: string): string => name.replace(/(?<=.)\.c4gh$/i, '');

/** The key that senders may encrypt for. Throws Problem `encrypted_refused` where national algorithms are asked for. */
export async function depositKey({ config, blobs }: Pick<Parts, 'config' | 'blobs'>): Promise<Uint8Array> {
  if (config.keys.suite !== 'A') throw new Problem('encrypted_refused', { params: { reason: 'SM (suite G)' } });
  return blobs.depositKey();
}

/** Says what is wrong with an encrypted file in words that its sender can act on. */
export function depositProblem(error: unknown): unknown {
  if (error instanceof DamagedError) return new Problem('encrypted_damaged', { params: { segment: error.segment } });
  if (!(error instanceof KeyProblem)) return error;
  if (error.code === 'wrong_key') return new Problem('encrypted_wrong_key');
  return new Problem('encrypted_refused', { params: { reason: error.message } });
}
