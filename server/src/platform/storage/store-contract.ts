import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import type { BlobStore } from '../blobs.ts';

/** What every blob store must do; each implementation runs it against the real thing. */
export function holdsTheContract(open: () => BlobStore): void {
  const newKey = (folder = 'files') => `${folder}/aa/${randomBytes(8).toString('hex')}`;
  const put = (key: string, bytes: Uint8Array, size = 100_000) => open().put(key, pieces(bytes, size));
  const read = async (key: string, range?: { start: bigint; end: bigint }) => {
    const all: Uint8Array[] = [];
    for await (const chunk of await open().open(key, range)) all.push(chunk);
    return Buffer.concat(all);
  };

  it.each([1, 65_536, 9 * 1024 * 1024 + 1, 20 * 1024 * 1024])('keeps %i bytes and any range of them', async (size) => {
    const key = newKey();
    const bytes = randomBytes(size);
    expect((await put(key, bytes)).size).toBe(BigInt(size));
    expect(await open().size(key)).toBe(BigInt(size));
    expect((await read(key)).equals(bytes)).toBe(true);
    for (const [start, end] of [
      [0, 1],
      [Math.floor(size / 2), size],
      [size - 1, size],
      [0, 0],
    ] as const)
      expect((await read(key, { start: BigInt(start), end: BigInt(end) })).equals(bytes.subarray(start, end))).toBe(
        true,
      );
    await open().delete(key);
    expect(await open().size(key)).toBeUndefined();
  });

  it('tells of a key that is not there, and deletes it without complaint', async () => {
    const key = newKey();
    await expect(read(key)).rejects.toMatchObject({ code: 'not_found' });
    await expect(read(key, { start: 0n, end: 5n })).rejects.toMatchObject({ code: 'not_found' });
    await expect(read(key, { start: 5n, end: 5n })).rejects.toMatchObject({ code: 'not_found' });
    expect(await open().size(key)).toBeUndefined();
    await open().delete(key);
  });

  it.each([10, 12 * 1024 * 1024])('holds nothing of a write whose source breaks off after %i bytes', async (size) => {
    const key = newKey();
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield randomBytes(size);
      throw new Error('cut');
    }
    await expect(open().put(key, broken())).rejects.toThrow('cut');
    expect(await open().size(key)).toBeUndefined();
  });

  it('ends a write when it is told to', async () => {
    const key = newKey();
    const controller = new AbortController();
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (let sent = 0; ; sent += 1) {
        if (sent === 3) controller.abort(new Error('enough'));
        yield randomBytes(4 * 1024 * 1024);
      }
    }
    await expect(open().put(key, endless(), { signal: controller.signal })).rejects.toThrow('enough');
    expect(await open().size(key)).toBeUndefined();
  });

  it('lists the keys of a folder with their times, and no others', async () => {
    const folder = `list${randomBytes(4).toString('hex')}`;
    const keys = [newKey(folder), newKey(folder), newKey(folder)];
    for (const key of [...keys, newKey(`${folder}x`)]) await put(key, randomBytes(10));
    const found: string[] = [];
    for await (const { key, at } of open().list(folder)) {
      found.push(key);
      expect(Math.abs(Date.now() - at.getTime())).toBeLessThan(600_000);
    }
    expect([...new Set(found)].toSorted()).toEqual(keys.toSorted());
  });

  it('says that it can be written to', async () => {
    await open().check();
    expect(await open().discardUnfinished(new Date(0))).toBe(0);
  });
}

/** What a store under sealed storage must do as well: the scrub writes anew under a key that is there. */
export function replacesBytes(open: () => BlobStore): void {
  it('puts whole new bytes in the place of damaged ones', async () => {
    const key = `files/aa/${randomBytes(8).toString('hex')}`;
    await open().put(key, pieces(randomBytes(1000), 100));
    const mended = randomBytes(2000);
    await open().put(key, pieces(mended, 100));
    const all: Uint8Array[] = [];
    for await (const chunk of await open().open(key)) all.push(chunk);
    expect(Buffer.concat(all).equals(mended)).toBe(true);
  });
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
