import { ApiProblem, clockOf, speedometer } from '@geneward/api';
import { expect, it } from 'vitest';
import { persist } from './persist.ts';
import { bytesIn, throttle } from './rate.ts';

it.each([
  ['20M', 20_000_000],
  ['1.5G', 1_500_000_000],
  ['800k', 800_000],
  ['512', 512],
  ['0', undefined],
  ['fast', undefined],
  ['-1M', undefined],
])('reads %s as %s bytes', (text, bytes) => expect(bytesIn(text)).toBe(bytes));

it('holds all that share a throttle to one rate, and gives nothing back for a pause', async () => {
  let now = 0;
  const slept: number[] = [];
  const wait = throttle(1000, { now: () => now, sleep: async (ms) => void slept.push(ms) });
  await Promise.all([wait(1000), wait(500)]);
  expect(slept).toEqual([1000, 1500]);
  now = 60_000;
  await wait(1000);
  expect(slept.at(-1)).toBe(900);
});

it('tells the speed of the last seconds, without what was there before', () => {
  let now = 0;
  const speed = speedometer(() => now);
  speed.note(0);
  speed.shift(5000);
  for (let second = 1; second <= 20; second += 1) {
    now = second * 1000;
    speed.note(5000 + second * 100);
  }
  expect(speed.rate()).toBe(100);
  now = 40_000;
  expect(speed.rate()).toBeLessThan(40);
});

it.each([
  [0, '0:00'],
  [61.4, '1:01'],
  [3725, '1:02:05'],
])('tells %s seconds as %s', (seconds, text) => expect(clockOf(seconds)).toBe(text));

const refusal = (status: number, code: string) =>
  new ApiProblem({ type: 'about:blank', title: code, status, code, retryAfter: 0 });

it('tries again what passes, mends what can be mended, and throws the rest', async () => {
  const errors = [new TypeError('fetch failed'), refusal(503, 'stopping'), refusal(401, 'unauthenticated')];
  const mended: unknown[] = [];
  const done = await persist(
    async (again) => {
      const error = errors.shift();
      if (error) throw error;
      return again;
    },
    { mend: async (error) => mended.push(error) > 0 },
  );
  expect(done).toBe(true);
  expect(mended).toHaveLength(1);
  await expect(persist(() => Promise.reject(refusal(422, 'checksum_mismatch')))).rejects.toMatchObject({
    code: 'checksum_mismatch',
  });
});
