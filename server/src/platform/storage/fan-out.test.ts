import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fanOut } from './fan-out.ts';

async function all(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of bytes) parts.push(chunk);
  return Buffer.concat(parts);
}
async function* from(chunks: readonly Uint8Array[], error?: Error): AsyncGenerator<Uint8Array> {
  yield* chunks;
  if (error) throw error;
}
const stopsAfter = (count: number) => async (bytes: AsyncIterable<Uint8Array>) => {
  let seen = 0;
  for await (const _ of bytes) if ((seen += 1) > count) throw new Error('full');
  return Buffer.alloc(0);
};

it('gives every reader every byte in order, whoever else fails or ends early', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 9 })), fc.nat(5), async (chunks, early) => {
      const results = await fanOut(from(chunks), [all, stopsAfter(early), all]);
      const whole = { status: 'fulfilled', value: Buffer.concat(chunks) };
      expect([results[0], results[2]]).toEqual([whole, whole]);
      expect(results[1]?.status).toBe(chunks.length > early ? 'rejected' : 'fulfilled');
    }),
  );
});

it('ends with the error of the source once all readers have ended', async () => {
  const told: string[] = [];
  const reader = async (bytes: AsyncIterable<Uint8Array>) =>
    all(bytes).catch((error: unknown) => {
      told.push(String(error));
      throw error;
    });
  await expect(fanOut(from([Uint8Array.of(1)], new Error('cut')), [reader, reader])).rejects.toThrow('cut');
  expect(told).toEqual(['Error: cut', 'Error: cut']);
});

it('lets the source go when nobody reads on', async () => {
  let closed = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Uint8Array.of(1);
    } finally {
      closed = true;
    }
  }
  const results = await fanOut(endless(), [stopsAfter(1), stopsAfter(3)]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(closed).toBe(true);
});
