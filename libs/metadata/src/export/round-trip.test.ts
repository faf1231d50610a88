import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collectFiles } from '../intake/test/collect.ts';
import { writeCsv, writeJson, writeJsonLines, writeSraXml, writeTsv, writeXlsx } from './index.ts';
import { anyRecords, comparable, sraRecords } from './test/arbitrary.ts';

describe.each([
  ['TSV', writeTsv],
  ['CSV', writeCsv],
  ['XLSX', writeXlsx],
  ['JSON', writeJson],
])('%s', (_, write) => {
  test('reads back unchanged, whatever the records hold', async () => {
    await fc.assert(
      fc.asyncProperty(anyRecords, async (records) => {
        const { files, losses } = write(records);
        const { records: back } = await collectFiles(files);
        expect(comparable(back)).toEqual(comparable(records));
        expect(losses).toEqual([]);
      }),
      { numRuns: 120 },
    );
  });
});

test('JSON by lines reads back unchanged', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyRecords.filter((records) => records.length > 0),
      async (records) => {
        const { records: back } = await collectFiles([{ name: 'records.jsonl', bytes: writeJsonLines(records) }]);
        expect(comparable(back)).toEqual(comparable(records));
      },
    ),
  );
});

test('SRA/ENA XML reads back unchanged where it reports no loss', async () => {
  await fc.assert(
    fc.asyncProperty(sraRecords, async (records) => {
      const { files, losses } = writeSraXml(records);
      expect(losses).toEqual([]);
      const { records: back, findings } = await collectFiles(files);
      expect(findings.filter(({ code }) => code !== 'GW3060')).toEqual([]);
      expect(comparable(back)).toEqual(comparable(records));
    }),
    { numRuns: 120 },
  );
});

test('no cell of a text table begins like a formula', () => {
  fc.assert(
    fc.property(anyRecords, (records) => {
      for (const { bytes } of writeTsv(records).files)
        for (const line of new TextDecoder().decode(bytes).split('\n'))
          for (const cell of line.split('\t'))
            expect(cell).not.toMatch(/^"?(?:=|@|[+-](?![\d.]+(?:[eE][+-]?\d+)?"?$))/);
    }),
  );
});
