import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobSpecification } from '@geneward/api';
import { describe, expect, it } from 'vitest';
import { madeCohort, plinkFiles } from './testing/cohort.ts';
import { commitFiles, consortium, studyOf, type Institution } from './testing/consortium.ts';
import { geneward } from './testing/run.ts';

const cohorts = [madeCohort(24, 9, 1), madeCohort(24, 8, 2), madeCohort(24, 7, 3)];
const plink = cohorts.map((cohort, at) => plinkFiles(cohort, `p${at}-`));
const tables = [1, 2].map(
  (seed) => `IID\theight\n${[0, 1, 2, 3, 4, 5, 6].map((i) => `p0-${i}\t${150 + ((i * 7 * seed) % 23)}`).join('\n')}\n`,
);
const fasta = ['>a\nACGTACGTAA\n>b\nACGTACGTAC\n', '>c\nACGTTCGTAA\n', '>d\nACGTACGGAA\n'].map((text) => ({
  fasta: text,
}));
const malicious = { security: 'malicious' as const };

type Files = Readonly<Record<string, string | Uint8Array>>;
const kinds: readonly [JobSpecification['analysis'], Partial<JobSpecification>, readonly Files[], string[]?][] = [
  [{ kind: 'association', status: 'fam', release: 'counts' }, malicious, plink],
  [{ kind: 'kinship', release: 'coefficient' }, { security: 'semi-honest' }, plink],
  [{ kind: 'sequence-distance', release: 'distance' }, malicious, fasta],
  [{ kind: 'overlap', reveal: 'items' }, {}, tables.map((table) => ({ table }))],
  [
    { kind: 'split-regression', model: 'linear', outcome: 'height', covariates: [] },
    malicious,
    [plink[0] ?? {}, { table: tables[0] ?? '' }, {}],
    ['genotypes', 'phenotypes', 'helper'],
  ],
];

const replay = (place: Institution) =>
  geneward(['--json', 'job', 'replay', join(place.folder, 'out'), '--policy', place.policy]);

describe('an auditor with the record of a job over shares or an intersection', () => {
  it.each(kinds)(
    'finds every party’s frames as they were signed, and a changed message: %o',
    async (analysis, more, files, roles) => {
      const names = ['alpha', 'beta', 'gamma'].slice(0, files.length);
      const places = await consortium(names, (policy) => (policy['replay'] = true));
      const commitments = await Promise.all(places.map((place, at) => commitFiles(place, files[at] ?? {})));
      const parties = places.map(({ name, fingerprint }, at) => ({
        name,
        fingerprint,
        commitment: commitments[at] ?? '',
        ...(roles && { role: roles[at] as 'helper' }),
      }));
      await studyOf(places, commitments, analysis, { ...more, parties });
      for (const place of places) expect(await replay(place)).toMatchObject({ code: 0, err: '' });
      const [alpha] = places as [Institution];
      const folder = join(alpha.folder, 'records', 'replays');
      const path = join(folder, readdirSync(folder)[0] ?? '', 'beta.messages');
      const bytes = readFileSync(path);
      // The first message, behind its length.
      bytes[6] = (bytes[6] ?? 0) ^ 1;
      writeFileSync(path, bytes);
      expect((await replay(alpha)).code).not.toBe(0);
    },
    300_000,
  );
});
