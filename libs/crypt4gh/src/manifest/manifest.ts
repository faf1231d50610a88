import { sealedSize, segmentSize } from '../body/segment.ts';
import { hex } from '../bytes.ts';
import type { Crypto, SigningKey } from '../crypto/port.ts';
import { Crypt4ghProblem } from '../problem.ts';
import { isKeyName, openNote, signNote, type NoteKey } from './note.ts';

/** What an archive states about one file (docs/formats/segment-manifest.md). */
export interface Manifest {
  /** The archive's name of the file, printable ASCII without spaces: a manifest cannot stand for another file. */
  readonly file: string;
  readonly plainSize: number;
  /** Bytes of the Crypt4GH data section: everything after the header. */
  readonly cipherSize: number;
  /** Hexadecimal, in small letters. */
  readonly sha256: string;
  readonly md5: string;
  /** Root of the hash tree over the plain segments, 32 bytes. */
  readonly root: Uint8Array;
}

const first = 'geneward segment manifest v1';
const limit = 65_536;

/** The number of 64 KiB segments. */
export const segmentCount = ({ plainSize }: Pick<Manifest, 'plainSize'>): number => Math.ceil(plainSize / segmentSize);

/** The one text of a manifest: same content, same bytes (section 2). */
function encode(manifest: Manifest): string {
  const { file, plainSize, cipherSize, sha256, md5, root } = manifest;
  return [
    first,
    `file ${file}`,
    `plain-size ${plainSize}`,
    `cipher-size ${cipherSize}`,
    `sha256 ${sha256}`,
    `md5 ${md5}`,
    `tree ${hex(root)}`,
    '',
  ].join('\n');
}

/** Signs a manifest with one key or, while keys change, with several. Throws `manifest_format` when a field is none. */
export function signManifest(
  crypto: Crypto,
  manifest: Manifest,
  signers: readonly { readonly name: string; readonly key: SigningKey }[],
): string {
  const text = encode(manifest);
  decode(text);
  for (const { name } of signers)
    if (!isKeyName(name)) throw new Crypt4ghProblem('manifest_format', { field: 'signer' });
  return signNote(crypto, text, signers);
}

/** Reads a manifest that at least one of the keys signed. Throws `manifest_format`, `manifest_unsigned`. */
export function openManifest(crypto: Crypto, note: string, keys: readonly NoteKey[]): Manifest {
  if (note.length > limit) throw new Crypt4ghProblem('manifest_format', { field: 'length' });
  const opened = openNote(crypto, note, keys);
  if (!opened) throw new Crypt4ghProblem('manifest_format', { field: 'signature' });
  if (opened.signers.length === 0) throw new Crypt4ghProblem('manifest_unsigned');
  return decode(opened.text);
}

const fields: readonly [name: string, pattern: RegExp][] = [
  ['file', /^[!-~]{1,256}$/],
  ['plain-size', /^(0|[1-9]\d{0,15})$/],
  ['cipher-size', /^(0|[1-9]\d{0,15})$/],
  ['sha256', /^[0-9a-f]{64}$/],
  ['md5', /^[0-9a-f]{32}$/],
  ['tree', /^[0-9a-f]{64}$/],
];

function decode(text: string): Manifest {
  const refuse = (field: string) => new Crypt4ghProblem('manifest_format', { field });
  const lines = text.split('\n');
  if (lines[0] !== first) throw refuse('version');
  if (lines.length !== fields.length + 2 || lines.at(-1) !== '') throw refuse('length');
  const values = fields.map(([name, pattern], index) => {
    const line = lines[index + 1] ?? '';
    const value = line.slice(name.length + 1);
    if (!line.startsWith(`${name} `) || !pattern.test(value)) throw refuse(name);
    return value;
  });
  const [file = '', plain = '', cipher = '', sha256 = '', md5 = '', tree = ''] = values;
  const [plainSize, cipherSize] = [Number(plain), Number(cipher)];
  if (!Number.isSafeInteger(plainSize)) throw refuse('plain-size');
  if (cipherSize !== sealedSize(plainSize) && cipherSize !== sealedSize(plainSize, true)) throw refuse('cipher-size');
  const root = Uint8Array.from(tree.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return { file, plainSize, cipherSize, sha256, md5, root };
}
