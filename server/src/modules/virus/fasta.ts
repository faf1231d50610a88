import * as zlib from 'node:zlib';
import { collectFindings, openLayers, zlibInflate } from '@geneward/formats';

/** FASTA as it streams without the records that `leaves` names by their place in the file; packed bytes come out unpacked. */
export async function* withoutRecords(
  bytes: AsyncIterable<Uint8Array>,
  leaves: (record: number, name: string) => boolean,
): AsyncGenerator<Uint8Array> {
  const { content } = await openLayers(bytes, { inflate: zlibInflate(zlib), findings: collectFindings(1) });
  let [record, atStart, keeping] = [-1, true, true];
  /** A line with a name, as far as it has come. */
  let head: Buffer | undefined;
  for (let chunk = await content.read(); chunk !== undefined; chunk = await content.read()) {
    const kept: Uint8Array[] = [];
    for (let at = 0; at < chunk.length;) {
      if (atStart && chunk[at] === 62) head = Buffer.alloc(0);
      const found = chunk.indexOf(10, at);
      const end = found < 0 ? chunk.length : found + 1;
      const line = chunk.subarray(at, end);
      atStart = found >= 0;
      at = end;
      if (!head) {
        if (keeping) kept.push(line);
        continue;
      }
      head = Buffer.concat([head, line]);
      if (!atStart) continue;
      record += 1;
      keeping = !leaves(record, head.subarray(1).toString('utf8').trim().split(/\s/u, 1)[0] ?? '');
      if (keeping) kept.push(head);
      head = undefined;
    }
    if (kept.length > 0) yield Buffer.concat(kept);
  }
}
