import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JobSpecification } from '@geneward/api';
import { describe, expect, it } from 'vitest';
import { madeCohort, plinkFiles } from './testing/cohort.ts';
import {
  approveAt,
  commitFiles,
  consortium,
  outputOf,
  runAt,
  specification,
  type Institution,
} from './testing/consortium.ts';
import { runProgram } from './testing/run.ts';

const dies = fileURLToPath(new URL('testing/dies.ts', import.meta.url));
const main = fileURLToPath(new URL('main.ts', import.meta.url));

/** A party that is killed in place of its nth message; a round of sums has two, one to each partner. */
const mortal = (place: Institution, at: number) =>
  runProgram(
    process.execPath,
    ['--import', dies, main, '--json', 'party', 'run', join(place.folder, 'job.json')].concat([
      '--policy',
      place.policy,
      '--out',
      join(place.folder, 'out'),
    ]),
    { env: { DIES_AT: String(at) } },
  );

async function ready(analysis: JobSpecification['analysis'], more: Partial<JobSpecification> = {}) {
  const places = await consortium(['alpha', 'beta', 'gamma'], (policy) => {
    policy['limits'] = { silentSeconds: 2, connectSeconds: 20 };
  });
  const commitments = await Promise.all(
    places.map((place, at) => commitFiles(place, plinkFiles(madeCohort(12, 20, at + 1), `p${at}-`))),
  );
  const job = specification(places, commitments, analysis, more);
  for (const place of places) approveAt(place, job);
  return places as [Institution, Institution, Institution];
}

describe('a party process that is killed in each round', () => {
  it.each([
    ['sums', { kind: 'case-control', status: 'fam' }, {}, 2],
    ['shares', { kind: 'association', status: 'fam', release: 'counts' }, { security: 'malicious' as const }, 8],
  ] as const)(
    'leaves nobody with a wrong result: %s',
    async (_, analysis, more, step) => {
      const places = await ready(analysis, more);
      const [alpha, beta, gamma] = places;
      const whole = await Promise.all([runAt(alpha), mortal(beta, -1), runAt(gamma)]);
      expect(whole.map(({ code }) => code)).toEqual([0, 0, 0]);
      const right = outputOf(alpha, 'result.json');
      const messages = Number(/SENT (\d+)/.exec(whole[1].err)?.[1]);
      expect(messages).toBeGreaterThan(8);
      for (let at = 0; at < messages; at += step) {
        for (const { folder } of places) rmSync(join(folder, 'out'), { recursive: true, force: true });
        const [first, killed, third] = await Promise.all([runAt(alpha), mortal(beta, at), runAt(gamma)]);
        expect(killed.code, `message ${at}`).toBe(null);
        for (const [place, ended] of [
          [alpha, first],
          [gamma, third],
        ] as const) {
          const out = join(place.folder, 'out');
          const left = existsSync(join(out, 'result.json'))
            ? outputOf(place, 'result.json') === right
              ? 'right'
              : 'wrong'
            : existsSync(join(out, 'abort.json'))
              ? 'abort'
              : 'nothing';
          // All that counts is there when a party has everybody's statement; before that it has nothing, and says why.
          expect([at, left]).toEqual([at, ended.code === 0 ? 'right' : 'abort']);
        }
      }
    },
    600_000,
  );
});
