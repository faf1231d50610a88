import { Gunzip, unzipSync } from 'fflate';
import { datasetRules } from '../rules/dataset.ts';
import { VirusProblem } from '../rules/problem.ts';
import type { DatasetFiles } from './files.ts';

/** Most bytes of an unpacked data set unless told otherwise. */
export const datasetLimit = 2 ** 30;

/**
 * Unpacks a zip or a tar, plain or packed by gzip, whatever its name says. Paths that leave the archive, links, and more than `limit` bytes are refused.
 * Throws {@link datasetRules.archive}, {@link datasetRules.large}.
 */
export function unpackDataset(bytes: Uint8Array, limit: number = datasetLimit): DatasetFiles {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return unzip(bytes, limit);
  return untar(bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzip(bytes, limit) : bytes);
}

const fail = (reason: string): never => {
  throw new VirusProblem(datasetRules.archive, { reason });
};
const tooLarge = (limit: number): never => {
  throw new VirusProblem(datasetRules.large, { limit });
};

function safe(path: string): string {
  const plain = path.replace(/^(?:\.\/)+/u, '');
  if (plain.startsWith('/') || /^[A-Za-z]:|\\|\0/u.test(plain) || plain.split('/').includes('..'))
    fail(`the path “${plain.slice(0, 80)}” leaves the archive`);
  return plain;
}

function unzip(bytes: Uint8Array, limit: number): DatasetFiles {
  let sum = 0;
  let entries: Record<string, Uint8Array> = {};
  try {
    entries = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        sum += originalSize;
        if (sum > limit) tooLarge(limit);
        return !name.endsWith('/');
      },
    });
  } catch (error) {
    if (error instanceof VirusProblem) throw error;
    fail(error instanceof Error ? error.message : 'damaged');
  }
  return new Map(Object.entries(entries).map(([name, content]) => [safe(name), content]));
}

function gunzip(bytes: Uint8Array, limit: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let sum = 0;
  const machine = new Gunzip((part) => {
    sum += part.length;
    if (sum > limit) tooLarge(limit);
    parts.push(part);
  });
  try {
    // In pieces, so that a bomb is met before it is unpacked whole.
    for (let at = 0; at < bytes.length; at += 65_536)
      machine.push(bytes.subarray(at, at + 65_536), at + 65_536 >= bytes.length);
  } catch (error) {
    if (error instanceof VirusProblem) throw error;
    fail(error instanceof Error ? error.message : 'damaged');
  }
  const whole = new Uint8Array(sum);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const block = 512;

/** Reads ustar with the long names of pax and GNU. Source: POSIX.1-2017, pax interchange format. */
function untar(bytes: Uint8Array): DatasetFiles {
  const files = new Map<string, Uint8Array>();
  const text = (from: number, length: number): string =>
    new TextDecoder().decode(bytes.subarray(from, from + length)).replace(/\0.*$/su, '');
  let longName: string | undefined;
  for (let at = 0; at + block <= bytes.length;) {
    if (bytes[at] === 0) break;
    const size = Number.parseInt(text(at + 124, 12).trim() || '0', 8);
    const told = Number.parseInt(text(at + 148, 8).trim(), 8);
    let sum = 8 * 32;
    for (let index = 0; index < block; index++) if (index < 148 || index >= 156) sum += bytes[at + index] as number;
    if (sum !== told) fail(`it is neither zip nor tar, or block ${at / block} is damaged`);
    const from = at + block;
    if (!Number.isInteger(size) || size < 0 || from + size > bytes.length) fail('it is cut off');
    const kind = String.fromCharCode(bytes[at + 156] ?? 0);
    const prefix = text(at + 257, 5) === 'ustar' ? text(at + 345, 155) : '';
    const name = longName ?? (prefix === '' ? text(at, 100) : `${prefix}/${text(at, 100)}`);
    longName = undefined;
    if (kind === 'L') longName = text(from, size);
    else if (kind === 'x') longName = /^\d+ path=(.*)$/mu.exec(text(from, size))?.[1];
    else if (kind === '0' || kind === '\0') files.set(safe(name), bytes.slice(from, from + size));
    else if (kind === '1' || kind === '2') fail(`“${name.slice(0, 80)}” is a link`);
    at = from + Math.ceil(size / block) * block;
  }
  if (files.size === 0) fail('it holds no file');
  return files;
}
