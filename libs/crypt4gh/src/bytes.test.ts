import { expect, it } from 'vitest';
import { spent } from './bytes.ts';

it('takes the memory of a buffer, also twice, and leaves parts and what threads share', () => {
  const whole = new Uint8Array(1024).fill(7);
  const part = new Uint8Array(1024).fill(7).subarray(1);
  const shared = new Uint8Array(new SharedArrayBuffer(1024)).fill(7);
  for (const bytes of [whole, whole, part, shared, new Uint8Array(0)]) spent(bytes);
  expect([whole.length, part.length, shared.length]).toEqual([0, 1023, 1024]);
  expect(part.every((byte) => byte === 7)).toBe(true);
});
