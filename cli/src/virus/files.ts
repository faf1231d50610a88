import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import * as zlib from 'node:zlib';
import { collectFindings, openLayers, zlibInflate } from '@geneward/formats';
import { datasetLimit, datasetRules, unpackDataset, VirusProblem, type DatasetFiles } from '@geneward/phylo';
import { exit, Stop } from '../exit.ts';
import type { Progress } from '../progress.ts';

/** SHA-256 as the libraries ask for it. */
export const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
export const hexOf = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

/** A file as it streams, unpacked where it is packed, with the hash of its bytes as they lie and a bar. */
export function openBytes(path: string, progress?: Progress): { bytes: AsyncIterable<Uint8Array>; hash: () => string } {
  if (!existsSync(path) || !statSync(path).isFile()) throw new Stop(exit.usage, `${path}: no such file`, 'no-file');
  const hash = createHash('sha256');
  const bar = progress?.start(path, statSync(path).size);
  async function* raw(): AsyncGenerator<Uint8Array> {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>) {
      hash.update(chunk);
      bar?.advance(chunk.length);
      yield chunk;
    }
    bar?.end();
  }
  async function* plain(): AsyncGenerator<Uint8Array> {
    const findings = collectFindings();
    const { content, state } = await openLayers(raw(), { inflate: zlibInflate(zlib), findings });
    for (let chunk = await content.read(); chunk !== undefined; chunk = await content.read()) yield chunk;
    const [first] = findings.list;
    if (state.broken && first) throw new Stop(exit.faults, `${path}: ${first.code}`, first.code);
  }
  return { bytes: plain(), hash: () => hash.digest('hex') };
}

/** A text file as its lines, unpacked where it is packed. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let held = '';
  for await (const chunk of openBytes(path).bytes) {
    const parts = (held + decoder.decode(chunk, { stream: true })).split('\n');
    held = parts.pop() ?? '';
    yield* parts;
  }
  held += decoder.decode();
  if (held !== '') yield held;
}

/** A whole text, unpacked where it is packed. */
export async function textOf(path: string): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of openBytes(path).bytes) parts.push(chunk);
  return Buffer.concat(parts).toString('utf8');
}

/** The files of a data set: a folder, an archive, or an address of one. */
export async function datasetFilesAt(source: string): Promise<DatasetFiles> {
  if (/^https?:\/\//iu.test(source)) return unpackDataset(await download(source));
  if (!existsSync(source)) throw new Stop(exit.usage, `${source}: no such file or folder`, 'no-file');
  if (!statSync(source).isDirectory()) {
    if (statSync(source).size > datasetLimit) throw new VirusProblem(datasetRules.large, { limit: datasetLimit });
    return unpackDataset(new Uint8Array(readFileSync(source)));
  }
  const files = new Map<string, Uint8Array>();
  let sum = 0;
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    sum += statSync(path).size;
    if (sum > datasetLimit) throw new VirusProblem(datasetRules.large, { limit: datasetLimit });
    files.set(relative(source, path).split(sep).join('/'), new Uint8Array(readFileSync(path)));
  }
  return files;
}

async function download(address: string): Promise<Uint8Array> {
  const answer = await fetch(address);
  if (!answer.ok || !answer.body)
    throw new VirusProblem(datasetRules.archive, { reason: `the server answers ${answer.status}` }, { file: address });
  const parts: Uint8Array[] = [];
  let sum = 0;
  for await (const part of answer.body as AsyncIterable<Uint8Array>) {
    sum += part.length;
    if (sum > datasetLimit) throw new VirusProblem(datasetRules.large, { limit: datasetLimit });
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** The hash of a file as it lies. */
export const fileHash = (path: string): string => hexOf(readFileSync(path));
