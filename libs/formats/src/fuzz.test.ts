import * as fc from 'fast-check';
import * as zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { checkFile } from './check-file.ts';
import type { FileReport } from './report.ts';
import { fileRules } from './rules.ts';
import { zlibInflate } from './layers/zlib-inflate.ts';
import { chunked } from './test/bytes.ts';
import { layers, validFiles } from './test/corpus.ts';
import { mutate, mutation } from './test/mutate.ts';
import { dataFile, dataFiles } from './test/shared-data.ts';

const inflate = zlibInflate(zlib);
const codes: ReadonlySet<string> = new Set(fileRules.map(({ code }) => code));

const report = (bytes: Uint8Array, cuts: readonly number[] = []): Promise<FileReport> =>
  checkFile(chunked(bytes, cuts), { inflate, reopen: () => chunked(bytes), unpackedLimit: 2 ** 24 });

/** What holds for the report on any file at all. */
function sound({ accepted, findings, counts }: FileReport): void {
  expect(accepted).toBe(findings.every(({ level }) => level !== 'error'));
  expect(findings.length).toBeLessThanOrEqual(20 * Object.keys(counts).length);
  for (const { code } of findings) expect(codes.has(code)).toBe(true);
}

const corpus = validFiles().flatMap(([name, content]) =>
  Object.entries(layers).map(([layer, wrap]) => [name, layer, content, wrap] as const),
);
const cuts = fc.array(fc.nat(4000), { maxLength: 5 });
const changes = fc.array(mutation, { minLength: 1, maxLength: 3 });

describe.each(corpus)('%s, %s', (name, _, content, wrap) => {
  test('is accepted as it was made', async () => {
    const told = await report(wrap(content));
    expect([told.format, told.findings]).toEqual([name, []]);
  });

  test('changed inside: the report is sound, and the same however the bytes are split', async () => {
    await fc.assert(
      fc.asyncProperty(changes, cuts, async (list, places) => {
        const changed = wrap(list.reduce(mutate, content));
        const told = await report(changed);
        sound(told);
        expect(JSON.stringify(await report(changed, places))).toBe(JSON.stringify(told));
      }),
      { numRuns: 60 },
    );
  });

  test('changed outside, as a disk or a line does it', async () => {
    await fc.assert(
      fc.asyncProperty(changes, async (list) => sound(await report(list.reduce(mutate, wrap(content))))),
      { numRuns: 60 },
    );
  });
});

const real = [...dataFiles('reads'), ...dataFiles('formats/vcf/4.2/passed').slice(0, 10)].filter(
  (path) => !path.endsWith('.md') && dataFile(path).length < 50_000,
);
test.runIf(real.length > 0)('real files, changed at random', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...(real.length > 0 ? real : [''])), changes, async (path, list) =>
      sound(await report(list.reduce(mutate, dataFile(path)))),
    ),
    { numRuns: 200 },
  );
});
