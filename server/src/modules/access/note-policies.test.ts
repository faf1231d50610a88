import { afterAll, beforeAll, expect, it } from 'vitest';
import { testParts, type TestParts } from '../../../test/parts.ts';
import { contextOf } from '../../../test/people.ts';
import { readEvents } from '../../platform/audit-trail.ts';
import './index.ts';
import { notePolicies } from './note-policies.ts';
import { policies } from './policies.ts';

let parts: TestParts;
beforeAll(async () => {
  parts = await testParts();
});
afterAll(() => parts.close());

it('records which policies are in force at first, and then only what changed', async () => {
  const context = contextOf(parts, { kind: 'system', name: 'start' });
  const noted = () => readEvents(parts.pool.db, { type: 'access.policies_changed', limit: 10 });
  await notePolicies(context);
  await notePolicies(context);
  expect((await noted()).map(({ content }) => content['added'])).toEqual([[...policies.keys()].toSorted()]);
  const other = new Map([...policies].filter(([id]) => id !== 'search'));
  other.set('auditor', { ...policies.get('auditor')!, source: 'permit (principal, action, resource);' });
  await notePolicies(context, other);
  expect((await noted())[0]?.content).toMatchObject({ added: [], removed: ['search'], changed: ['auditor'] });
});
