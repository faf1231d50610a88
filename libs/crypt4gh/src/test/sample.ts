import * as nodeModule from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fromBase64, join } from '../bytes.ts';
import { nodeCrypto } from '../crypto/node.ts';
import { portableCrypto } from '../crypto/portable.ts';
import type { Crypto } from '../crypto/port.ts';
import { Crypt4ghProblem, type Crypt4ghCode } from '../problem.ts';

/** Every test that touches a primitive runs over both. */
export const cryptos: readonly [name: string, crypto: Crypto][] = [
  ['node', nodeCrypto(nodeModule)],
  ['portable', portableCrypto],
];

export const fromHex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
export const bytes = (text: string): Uint8Array => fromBase64(text) ?? new Uint8Array(0);

/** The plain text of the vectors: the same in make.py. */
export const plain = (size: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8) * 7 + (i >> 16) * 13) & 255);

export async function whole(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return join(parts);
}

/** Bytes cut into pieces at the places given. */
export function* pieces(all: Uint8Array, cuts: readonly number[]): Generator<Uint8Array> {
  const places = [...new Set([0, ...cuts.map((cut) => Math.min(cut, all.length)), all.length])].sort((a, b) => a - b);
  for (const [i, from] of places.entries()) yield all.slice(from, places[i + 1] ?? all.length);
}

/** The code that a work ends with; undefined when it succeeds. Any other error is thrown on. */
export async function codeOf(work: () => unknown): Promise<Crypt4ghCode | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof Crypt4ghProblem) return error.code;
    throw error;
  }
}

export interface Vectors {
  readonly keys: readonly {
    readonly name: string;
    readonly secretFile: string;
    readonly publicFile: string;
    readonly passphrase: string;
    readonly secret: string;
    readonly public: string;
  }[];
  readonly containers: readonly {
    readonly name: string;
    readonly readers: readonly string[];
    readonly size: number;
    readonly slice?: readonly [number, number];
    readonly pieces?: readonly (readonly [number, number])[];
    readonly file: string;
  }[];
}

const load = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8'));
export const reference = load('reference') as Vectors;

export interface ManifestVectors {
  readonly name: string;
  readonly seed: string;
  readonly public: string;
  readonly files: readonly {
    readonly size: number;
    readonly note: string;
    readonly leaves: readonly string[];
    readonly proofs: readonly { readonly from: number; readonly to: number; readonly proof: readonly string[] }[];
  }[];
}
export const manifests = load('segment-manifest') as ManifestVectors;
