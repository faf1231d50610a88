import { InputProblem } from './problem.ts';

/** A source of bytes: a file, a decompressed stream, a test. Chunks may have any size. */
export type Bytes = AsyncIterable<Uint8Array>;

/** Lines of a text in batches, without LF or CR LF; a last line without either counts. Bounded by `limit` bytes a line. */
export async function* lines(source: Bytes, file: string, limit = 64 * 1024 * 1024): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let held = '';
  let number = 0;
  const cut = (line: string) => (line.endsWith('\r') ? line.slice(0, -1) : line);
  for await (const chunk of source) {
    const parts = (held + decoder.decode(chunk, { stream: true })).split('\n');
    held = parts.pop() ?? '';
    number += parts.length;
    if (held.length > limit) throw new InputProblem('line-too-long', { file, line: number + 1 }, { expected: limit });
    if (parts.length > 0) yield parts.map(cut);
  }
  held += decoder.decode();
  if (held !== '') yield [cut(held)];
}
