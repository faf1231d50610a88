import { signManifest, type SigningKey } from '@geneward/crypt4gh';
import type { FastifyReply } from 'fastify';
import type { Context } from '../../../platform/context.ts';
import { openSigner } from '../../../platform/keys/signer.ts';
import { crypto } from '../../../platform/keys/suite-a.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import type { FilesPorts } from '../ports.ts';
import { readable } from './read.ts';

/** Leaves of one answer: 128 KiB. */
const mostLeaves = 4096;

/** The key that signs manifests of this archive, and the name that stands beside its signatures. */
export function manifestKey({ config }: Pick<Parts, 'config'>): { name: string; key: SigningKey } {
  const signer = openSigner(config.data, 'manifests');
  const der = Buffer.from(signer.publicKey.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  const key = {
    publicKey: der.subarray(-32),
    sign: (message: Uint8Array) => Buffer.from(signer.sign(message), 'base64'),
  };
  return { name: `geneward-${config.archive.accessionPrefix}`, key };
}

/** What the archive signs about a file: with it a reader verifies every segment (docs/formats/segment-manifest.md). */
export async function sendManifest(
  context: Context,
  request: { id: string; reply: FastifyReply },
  parts: Parts,
  ports: Pick<FilesPorts, 'holder'>,
): Promise<FastifyReply> {
  const { file, stored } = await storedOf(context, request.id, parts, ports);
  const plainSize = Number(stored.size);
  const manifest = {
    file: file.id,
    plainSize,
    cipherSize: plainSize + 28 * Math.ceil(plainSize / 65_536),
    sha256: file.sha256,
    md5: file.md5,
    root: stored.tree,
  };
  const note = signManifest(crypto, manifest, [manifestKey(parts)]);
  return request.reply.type('text/plain; charset=utf-8').header('etag', `"${file.sha256}"`).send(note);
}

/** Hashes of the segments [from, to) and the proof that they are those of the manifest. Throws Problem `range_not_satisfiable`. */
export async function segmentProof(
  context: Context,
  request: { id: string; from: number; to: number },
  parts: Parts,
  ports: Pick<FilesPorts, 'holder'>,
): Promise<{ from: number; leaves: string; proof: string }> {
  const { file, stored } = await storedOf(context, request.id, parts, ports);
  const { from } = request;
  const to = Math.min(request.to, from + mostLeaves, Math.ceil(Number(stored.size) / 65_536));
  const found = await parts.blobs.proof(file.key, from, to);
  if (!found) throw new Problem('range_not_satisfiable', { params: { size: String(stored.size) } });
  return {
    from,
    leaves: Buffer.from(found.leaves).toString('base64'),
    proof: Buffer.from(found.proof).toString('base64'),
  };
}

async function storedOf(context: Context, id: string, { blobs }: Parts, ports: Pick<FilesPorts, 'holder'>) {
  const file = await readable(context, id, ports, true);
  const { sha256, md5, blob_key: key } = file;
  if (!sha256 || !md5) throw new Problem('file_not_ready', { retryAfter: 10 });
  const stored = key && !file.lost_at ? await blobs.describe(key) : undefined;
  // What an earlier version has written in the clear gets its tree when it is sealed.
  if (!key || !stored) throw new Problem('file_missing');
  return { file: { id: file.id, sha256, md5, key }, stored };
}
