import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readTogether } from './read-together.ts';

async function all(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of bytes) parts.push(chunk);
  return Buffer.concat(parts);
}

async function* from(chunks: readonly Uint8Array[], error?: Error): AsyncGenerator<Uint8Array> {
  yield* chunks;
  if (error) throw error;
}

it('gives both readers every byte in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 20 })), async (chunks) => {
      const whole = Buffer.concat(chunks);
      expect(await readTogether(from(chunks), all, all)).toEqual([whole, whole]);
    }),
  );
});

it('goes on for one reader when the other stops early', async () => {
  const chunks = Array.from({ length: 100 }, (_, at) => Uint8Array.of(at));
  const [first, second] = await readTogether(from(chunks), all, async (bytes) => {
    for await (const chunk of bytes) return chunk[0];
    return undefined;
  });
  expect(first).toHaveLength(100);
  expect(second).toBe(0);
});

it('tells both readers of a failing source, and the caller only when both have ended', async () => {
  const seen: string[] = [];
  const reader = async (bytes: AsyncIterable<Uint8Array>) => {
    try {
      return await all(bytes);
    } catch (error) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      seen.push(String(error));
      throw error;
    }
  };
  await expect(readTogether(from([Uint8Array.of(1)], new Error('cut')), reader, reader)).rejects.toThrow('cut');
  expect(seen).toEqual(['Error: cut', 'Error: cut']);
});

it('rejects with what a reader failed of, and lets the source go', async () => {
  let closed = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Uint8Array.of(1);
    } finally {
      closed = true;
    }
  }
  const failing = async (bytes: AsyncIterable<Uint8Array>) => {
    for await (const _ of bytes) throw new Error('full');
  };
  await expect(readTogether(endless(), failing, all)).rejects.toThrow('full');
  expect(closed).toBe(true);
});
