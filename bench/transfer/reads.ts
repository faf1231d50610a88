import { randomBytes } from 'node:crypto';

const digits = 11;
const recordsOfChunk = 3200;

/** FASTQ text of 150-base reads with names of their own, in chunks of about 1 MiB that the next call overwrites. */
export function* readsOf(mib: number): Generator<Uint8Array> {
  const records = Array.from({ length: recordsOfChunk }, () => {
    const bases = Array.from(randomBytes(150), (byte) => 'ACGT'[byte % 4]).join('');
    const qualities = Array.from(randomBytes(150), (byte) => String.fromCharCode(53 + (byte % 20))).join('');
    return `@R${'0'.repeat(digits)}\n${bases}\n+\n${qualities}\n`;
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
