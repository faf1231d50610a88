import { jobStates } from '@geneward/api';
import { describe, expect, it } from 'vitest';
import { isOver, jobTransitions, judgeStart, moveJob, type JobAct } from './rules.ts';

const acts = [...new Set(jobTransitions.map(({ act }) => act))];

it('leads each act from each state where the table says, and nowhere else', () => {
  const possible = jobStates.flatMap((state) =>
    acts.flatMap((act) => {
      const to = moveJob(state, act);
      return to === undefined ? [] : [`${state} ${act} ${to}`];
    }),
  );
  expect(possible).toEqual([
    'open approve open',
    'open complete approved',
    'open withdraw open',
    'open cancel cancelled',
    'open expire expired',
    'approved withdraw open',
    'approved start started',
    'approved cancel cancelled',
    'approved expire expired',
    'started seal sealed',
    'started abort aborted',
    'started expire expired',
    'sealed dispute disputed',
  ]);
  expect(jobStates.filter(isOver)).toEqual(['sealed', 'aborted', 'cancelled', 'expired', 'disputed']);
});

it('knows no way back from a start, and none out of an end', () => {
  const after = (state: (typeof jobStates)[number]) => acts.map((act: JobAct) => moveJob(state, act)).filter(Boolean);
  expect(after('started')).not.toContain('open');
  for (const state of ['aborted', 'cancelled', 'expired', 'disputed'] as const) expect(after(state)).toEqual([]);
});

describe('a start', () => {
  const now = new Date('2026-01-02T00:00:00Z');
  const job = {
    state: 'approved' as const,
    parties: [
      { name: 'a', approved: true, active: true },
      { name: 'b', approved: true, active: true },
    ],
    frozen: [] as string[],
    expiresAt: new Date('2026-01-03T00:00:00Z'),
    now,
  };
  it.each([
    ['with all there', job, { start: true }],
    [
      'without an approval',
      { ...job, state: 'open' as const, parties: [job.parties[0]!, { name: 'b', approved: false, active: true }] },
      { start: false, because: 'unapproved', names: ['b'] },
    ],
    [
      'with a frozen consent',
      { ...job, frozen: ['CONSENT-1'] },
      { start: false, because: 'frozen', names: ['CONSENT-1'] },
    ],
    [
      'with a party that retired',
      { ...job, parties: [job.parties[0]!, { name: 'b', approved: true, active: false }] },
      { start: false, because: 'retired', names: ['b'] },
    ],
    ['on its last moment', { ...job, expiresAt: now }, { start: false, because: 'state' }],
    ['a second time', { ...job, state: 'started' as const }, { start: false, because: 'state' }],
  ])('%s', (_, given, verdict) => expect(judgeStart(given)).toEqual(verdict));
});
