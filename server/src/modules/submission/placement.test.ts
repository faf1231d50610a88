import { describe, expect, it } from 'vitest';
import { placeRecord, type Known } from './placement.ts';

const here = { submission: 'here', sheet: 'a.tsv' };
const record = { alias: 's1' };
const known = (more: Partial<Known> = {}): Known => ({
  object: 'o',
  alias: 's1',
  accession: null,
  status: 'draft',
  current: undefined,
  proposed: undefined,
  ...more,
});
const accepted = (more: Partial<Known> = {}) =>
  known({ accession: 'GWS0000001', status: 'released', current: { version: 2, sha256: 'old' }, ...more });
const proposed = (more: object = {}) => ({ version: 1, sha256: 'old', submission: 'here', sheet: 'a.tsv', ...more });

describe('where a record goes', () => {
  it.each([
    ['a name that is free', record, undefined, { kind: 'new' }],
    [
      'what the draft has, so',
      record,
      known({ proposed: proposed({ sha256: 'new' }) }),
      { kind: 'keep', object: 'o', version: 1 },
    ],
    [
      'what the draft has, otherwise',
      record,
      known({ proposed: proposed() }),
      { kind: 'rewrite', object: 'o', version: 1 },
    ],
    [
      'what was edited singly',
      record,
      known({ proposed: proposed({ sheet: null }) }),
      { kind: 'rewrite', object: 'o', version: 1 },
    ],
    [
      'what another sheet brings',
      record,
      known({ proposed: proposed({ sheet: 'b.tsv' }) }),
      { kind: 'refuse', because: 'in_other_sheet', sheet: 'b.tsv' },
    ],
    [
      'what another draft brings',
      record,
      known({ proposed: proposed({ submission: 'there' }) }),
      { kind: 'refuse', because: 'in_other_submission' },
    ],
    ['an accepted object, changed', record, accepted(), { kind: 'revise', object: 'o', version: 3 }],
    [
      'an accepted object, unchanged',
      record,
      accepted({ current: { version: 2, sha256: 'new' } }),
      { kind: 'unchanged', object: 'o' },
    ],
    [
      'an accepted object by alias and accession',
      { ...record, accession: 'GWS0000001' },
      accepted(),
      { kind: 'revise', object: 'o', version: 3 },
    ],
    [
      'an accession of another alias',
      { ...record, accession: 'GWS0000001' },
      accepted({ alias: 's2' }),
      { kind: 'refuse', because: 'accession_of_other_alias' },
    ],
    [
      'another accession than its own',
      { ...record, accession: 'GWS0000009' },
      accepted(),
      { kind: 'refuse', because: 'accession_of_other_alias' },
    ],
    [
      'an accession nobody has',
      { ...record, accession: 'GWS0000009' },
      undefined,
      { kind: 'refuse', because: 'accession_unknown' },
    ],
    [
      'an accession for a draft that has none',
      { ...record, accession: 'GWS0000009' },
      known({ proposed: proposed() }),
      { kind: 'refuse', because: 'accession_unknown' },
    ],
    ['a withdrawn object', record, accepted({ status: 'withdrawn' }), { kind: 'refuse', because: 'gone' }],
    [
      'an object that is revised elsewhere',
      record,
      accepted({ proposed: proposed({ version: 3, submission: 'there' }) }),
      { kind: 'refuse', because: 'in_other_submission' },
    ],
    [
      'an object that is revised elsewhere, named as it is',
      record,
      accepted({ current: { version: 2, sha256: 'new' }, proposed: proposed({ version: 3, submission: 'there' }) }),
      { kind: 'unchanged', object: 'o' },
    ],
    [
      'a revision taken back',
      record,
      accepted({ current: { version: 2, sha256: 'new' }, proposed: proposed({ version: 3 }) }),
      { kind: 'unchanged', object: 'o' },
    ],
    [
      'a revision changed again',
      record,
      accepted({ proposed: proposed({ version: 3, sha256: 'middle' }) }),
      { kind: 'rewrite', object: 'o', version: 3 },
    ],
  ] as const)('%s', (_what, given, there, expected) => {
    expect(placeRecord(given, 'new', there, here)).toEqual(expected);
  });
});
