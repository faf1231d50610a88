import { createHash, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { startMd5 } from './md5.ts';

async function sum(bytes: Uint8Array, piece: number): Promise<string> {
  const md5 = startMd5();
  for (let at = 0; at < bytes.length; at += piece) await md5.update(bytes.subarray(at, at + piece));
  return md5.digest();
}

it.each([0, 1, 1024 * 1024 - 1, 1024 * 1024, 3_500_001, 30 * 1024 * 1024])('sums %i bytes', async (size) => {
  const bytes = randomBytes(size);
  expect(await sum(bytes, 70_001)).toBe(createHash('md5').update(bytes).digest('hex'));
});

it('keeps many sums apart, also when some are dropped', async () => {
  const files = Array.from({ length: 12 }, (_, nth) => randomBytes(1_500_000 + nth));
  const dropped = startMd5();
  for (const file of files) await dropped.update(file);
  const results = await Promise.all(files.map((file) => sum(file, 300_000)));
  dropped.drop();
  expect(results).toEqual(files.map((file) => createHash('md5').update(file).digest('hex')));
});
