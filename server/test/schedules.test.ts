import { parseCronItems } from 'graphile-worker';
import { expect, it } from 'vitest';
import { jobHandlers, schedules } from '../src/modules/index.ts';
import { cronItems } from '../src/platform/jobs.ts';
import { testParts } from './parts.ts';

it('has a handler and a time that the queue understands for every job that comes back by the clock', async () => {
  const parts = await testParts();
  const handlers = Object.keys(jobHandlers(parts));
  expect(schedules.length).toBeGreaterThan(0);
  expect(schedules.filter(({ name }) => !handlers.includes(name))).toEqual([]);
  const parsed = parseCronItems(cronItems(schedules));
  expect(parsed.map((item) => item.task)).toEqual(schedules.map(({ name }) => name));
  // A queue of its own: two runs of one schedule never overlap, and none waits for another schedule.
  expect(parsed.map((item) => item.options.queueName)).toEqual(schedules.map(({ name }) => name));
  await parts.close();
});
