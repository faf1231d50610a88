import { createReadStream, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import * as zlib from 'node:zlib';
import { heldReference, indexedReference, ReferenceProblem, zlibInflate, type Reference } from '@geneward/formats';
import { exit, Stop } from '../exit.ts';
import type { Output } from '../output.ts';

/** A reference for VCF files: through its `.fai` when that lies beside it, else in memory when it is small enough. */
export async function openReference(path: string, output: Output): Promise<Reference> {
  const stop = (en: string, zh: string) => new Stop(exit.usage, output.pick({ en, zh }));
  if (!existsSync(path)) throw stop(`No such file: ${path}`, `文件不存在：${path}`);
  try {
    if (existsSync(`${path}.fai`)) return indexedReference(readFileSync(`${path}.fai`, 'utf8'), reader(path));
    return await heldReference(createReadStream(path, { highWaterMark: 1 << 20 }), { inflate: zlibInflate(zlib) });
  } catch (error) {
    if (!(error instanceof ReferenceProblem)) throw error;
    if (error.reason === 'too_large')
      throw stop(
        `${path} is too large to be held in memory: unpack it and run "samtools faidx" on it.`,
        `${path} 过大，无法载入内存：请解压后执行 “samtools faidx”。`,
      );
    throw stop(`${path} cannot be used as a reference: ${error.message}`, `${path} 不能用作参考序列：${error.message}`);
  }
}

/** Reads any stretch of a file, which stays open for as long as the program runs. */
function reader(path: string): (from: number, to: number) => Uint8Array {
  const file = openSync(path, 'r');
  return (from, to) => {
    const bytes = Buffer.alloc(to - from);
    let have = 0;
    while (have < bytes.length) {
      const more = readSync(file, bytes, have, bytes.length - have, from + have);
      if (more === 0) break;
      have += more;
    }
    return bytes.subarray(0, have);
  };
}
