import { objectStatuses, submissionStatuses, type ObjectStatus, type SubmissionStatus } from '@geneward/api';
import { objectTypes } from '@geneward/metadata';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  acceptanceOrder,
  accessionLetters,
  editable,
  formatAccession,
  judgeReleaseDay,
  moveObject,
  moveSubmission,
  objectTransitions,
  submissionTransitions,
  type ObjectAct,
  type Part,
  type SubmissionAct,
} from './rules.ts';

const parts: readonly Part[] = ['submitter', 'curator', 'platform'];

/** The whole table as a reader would write it: act, from, to, by. What is not here is refused. */
const submissionWay: readonly [SubmissionAct, SubmissionStatus, SubmissionStatus, Part][] = [
  ['submit', 'draft', 'checking', 'submitter'],
  ['submit', 'returned', 'checking', 'submitter'],
  ['pass_checks', 'checking', 'in_review', 'platform'],
  ['fail_checks', 'checking', 'draft', 'platform'],
  ['return', 'in_review', 'returned', 'curator'],
  ['accept', 'in_review', 'accepted', 'curator'],
  ['withdraw', 'draft', 'withdrawn', 'submitter'],
  ['withdraw', 'checking', 'withdrawn', 'submitter'],
  ['withdraw', 'in_review', 'withdrawn', 'submitter'],
  ['withdraw', 'returned', 'withdrawn', 'submitter'],
];

const objectWay: readonly [ObjectAct, ObjectStatus, ObjectStatus, readonly Part[]][] = [
  ['accept', 'in_review', 'accepted', ['curator']],
  ['hold', 'accepted', 'held', ['platform', 'curator']],
  ['release', 'accepted', 'released', ['platform', 'submitter']],
  ['release', 'held', 'released', ['platform', 'submitter']],
  ['release_cited', 'accepted', 'released', ['submitter', 'curator']],
  ['release_cited', 'held', 'released', ['submitter', 'curator']],
  ['suppress', 'released', 'suppressed', ['curator']],
  ['restore', 'suppressed', 'released', ['curator']],
  ['withdraw', 'accepted', 'withdrawn', ['submitter', 'curator']],
  ['withdraw', 'held', 'withdrawn', ['submitter', 'curator']],
  ['withdraw', 'released', 'withdrawn', ['curator']],
  ['withdraw', 'suppressed', 'withdrawn', ['curator']],
  ['destroy', 'accepted', 'destroyed', ['platform']],
  ['destroy', 'held', 'destroyed', ['platform']],
  ['destroy', 'suppressed', 'destroyed', ['platform']],
  ['destroy', 'withdrawn', 'destroyed', ['platform']],
];

describe('the way of a submission', () => {
  const acts = [...new Set(submissionTransitions.map((line) => line.act))];
  const all = acts.flatMap((act) => submissionStatuses.flatMap((from) => parts.map((by) => [act, from, by] as const)));
  it.each(all)('%s from %s by %s', (act, from, by) => {
    const line = submissionWay.find(([one, state]) => one === act && state === from);
    const expected =
      line === undefined
        ? { allowed: false, because: 'state' }
        : line[3] === by
          ? { allowed: true, to: line[2] }
          : { allowed: false, because: 'part' };
    expect(moveSubmission(from, act, by)).toEqual(expected);
  });

  it('ends in accepted and withdrawn, and can be edited only where the submitter works', () => {
    const ends = submissionStatuses.filter(
      (status) => !submissionTransitions.some((line) => line.from.includes(status)),
    );
    expect(ends).toEqual(['accepted', 'withdrawn']);
    expect(submissionStatuses.filter(editable)).toEqual(['draft', 'returned']);
  });
});

describe('the way of an object', () => {
  const acts = [...new Set(objectTransitions.map((line) => line.act))];
  const all = acts.flatMap((act) => objectStatuses.flatMap((from) => parts.map((by) => [act, from, by] as const)));
  it.each(all)('%s from %s by %s', (act, from, by) => {
    const line = objectWay.find(([one, state]) => one === act && state === from);
    const expected =
      line === undefined
        ? { allowed: false, because: 'state' }
        : line[3].includes(by)
          ? { allowed: true, to: line[2] }
          : { allowed: false, because: 'part' };
    expect(moveObject(from, act, by)).toEqual(expected);
  });

  it('never comes back from a tombstone', () => {
    expect(objectTransitions.filter((line) => line.from.includes('destroyed'))).toEqual([]);
    expect(objectTransitions.filter((line) => line.from.includes('withdrawn')).map((line) => line.to)).toEqual([
      'destroyed',
    ]);
  });
});

describe('accessions', () => {
  it('have a letter of their own for each type, and are given in an order that holds every type once', () => {
    expect(new Set(Object.values(accessionLetters)).size).toBe(objectTypes.length);
    expect([...acceptanceOrder].toSorted()).toEqual([...objectTypes].toSorted());
  });

  it('grow beyond seven digits and never collide', () => {
    expect(formatAccession('GW', 'project', 1n)).toBe('GWP0000001');
    expect(formatAccession('GW', 'sample', 12_345_678n)).toBe('GWS12345678');
    const type = fc.constantFrom(...acceptanceOrder);
    const number = fc.bigInt(1n, 10n ** 12n);
    fc.assert(
      fc.property(type, number, type, number, (a, n, b, m) => {
        expect(formatAccession('GW', a, n) === formatAccession('GW', b, m)).toBe(a === b && n === m);
      }),
    );
  });
});

describe('the release day', () => {
  const now = new Date('2026-03-01T23:59:00Z');
  it.each([
    ['2026-02-28', 'past'],
    ['2026-03-01', 'fits'],
    ['2028-02-29', 'fits'],
    ['2028-03-01', 'too_late'],
    ['2999-01-01', 'too_late'],
  ] as const)('%s is %s', (day, verdict) => expect(judgeReleaseDay(day, now, 730)).toBe(verdict));
});
