import { randomBytes } from 'node:crypto';

const digits = 11;
const bases = 150;
const recordsOfChunk = 3200;
/** Name, bases, plus and qualities, each with its line end. */
const chunkBytes = recordsOfChunk * (2 + digits + 1 + bases + 1 + 2 + bases + 1);

/** Bytes that {@link readsOf} gives. */
export const bytesOfReads = (mib: number): number => Math.ceil((mib * 2 ** 20) / chunkBytes) * chunkBytes;

/** FASTQ text of 150-base reads with names of their own, in chunks of about 1 MiB that the next call overwrites. */
export function* readsOf(mib: number): Generator<Uint8Array> {
  const records = Array.from({ length: recordsOfChunk }, () => {
    const sequence = Array.from(randomBytes(bases), (byte) => 'ACGT'[byte % 4]).join('');
    const qualities = Array.from(randomBytes(bases), (byte) => String.fromCharCode(53 + (byte % 20))).join('');
    return `@R${'0'.repeat(digits)}\n${sequence}\n+\n${qualities}\n`;
  });
  const template = Buffer.from(records.join(''));
  const size = template.length / recordsOfChunk;
  let record = 0;
  for (let sent = 0; sent < mib * 2 ** 20; sent += template.length) {
    const chunk = Buffer.from(template);
    for (let at = 2; at < chunk.length; at += size)
      chunk.write(String((record += 1)).padStart(digits, '0'), at, 'latin1');
    yield chunk;
  }
}
