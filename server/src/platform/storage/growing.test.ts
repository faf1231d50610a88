import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testParts, type TestParts } from '../../../test/parts.ts';
import type { Growing } from '../blobs.ts';
import { transaction } from '../db.ts';

const mirror = mkdtempSync(join(tmpdir(), 'geneward-mirror-'));
let nth = 0;
const newKey = () => `files/aa/${(nth += 1)}-${randomBytes(4).toString('hex')}`;

describe.each(['A', 'G'] as const)('an object of suite %s that grows', (suite) => {
  let parts: TestParts;
  beforeAll(async () => {
    parts = await testParts({ keys: { suite }, storage: { mirror, placement: '*=main+mirror' } });
  });
  afterAll(async () => {
    await parts.close();
    rmSync(mirror, { recursive: true, force: true });
  });

  const read = async (key: string, range?: { start: bigint; end: bigint }) => {
    const all: Uint8Array[] = [];
    for await (const chunk of await parts.blobs.open(key, range)) all.push(chunk);
    return Buffer.concat(all);
  };
  const keep = (piece: { keep: (tx: never) => Promise<string[]> }) =>
    transaction(parts.pool.db, (tx) => piece.keep(tx as never));
  const pushAll = async (growing: Growing, bytes: Uint8Array, step: number) => {
    for (let at = 0; at < bytes.length; at += step) await growing.push(bytes.subarray(at, at + step));
  };

  it.each([
    ['one byte', 1, 1, true],
    ['a short file', 4096, 1000, true],
    ['whole segments', 65_536 * 3, 65_536, true],
    ['more than a chunk', 3_000_001, 70_000, true],
    ['more than was expected', 2_500_000, 33_333, false],
  ])('is the same as its bytes: %s', async (_, size, step, expected) => {
    const key = newKey();
    const bytes = randomBytes(size);
    let seen = createHash('sha256');
    const growing = await parts.blobs.grow(key, {
      alone: true,
      expect: expected ? size : 10,
      also: (plain) => void seen.update(plain),
    });
    await pushAll(growing, bytes, step);
    const grown = await growing.end();
    await keep(grown);
    expect(grown).toMatchObject({
      size: BigInt(size),
      sha256: createHash('sha256').update(bytes).digest('hex'),
      md5: createHash('md5').update(bytes).digest('hex'),
    });
    expect(seen.digest('hex')).toBe(grown.sha256);
    expect((await read(key)).equals(bytes)).toBe(true);
    expect(await parts.blobs.verify(key)).toMatchObject({ verdict: 'sound' });
  });

  it('goes on after every cut, in this process or another, and is read and verified like any other', async () => {
    const key = newKey();
    const bytes = randomBytes(1_700_000);
    const cuts = [10, 65_536, 65_537, 65_537, 400_000, 1_400_003, bytes.length];
    let growing: Growing | undefined;
    let at = 0;
    for (const [turn, to] of cuts.entries()) {
      if (turn % 2 === 0) {
        await growing?.drop();
        growing = (await parts.blobs.regrow(key)) ?? (await parts.blobs.grow(key));
      }
      await pushAll(growing!, bytes.subarray(at, to), 50_000);
      for (const name of await keep(await growing!.cut())) await parts.blobs.delete(name);
      at = to;
    }
    await growing!.drop();
    const last = await parts.blobs.regrow(key);
    const grown = await last!.end();
    await keep(grown);
    expect(grown.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect((await read(key)).equals(bytes)).toBe(true);
    for (const [start, end] of [
      [0, 5],
      [65_530, 65_545],
      [399_999, 700_000],
      [1_699_990, 1_700_000],
    ] as const)
      expect((await read(key, { start: BigInt(start), end: BigInt(end) })).equals(bytes.subarray(start, end))).toBe(
        true,
      );
    expect(await parts.blobs.proof(key, 2, 5)).toBeDefined();
    expect(await parts.blobs.verify(key)).toMatchObject({ verdict: 'sound', faults: [] });
    const lies = () => readdirSync(mirror, { recursive: true, withFileTypes: true }).filter((it) => it.isFile());
    const [piece] = lies();
    rmSync(join(piece!.parentPath, piece!.name));
    const others = lies().length;
    const verdicts = [];
    for (const { key: due } of await parts.blobs.due(new Date(Date.now() + 86_400_000), 100))
      verdicts.push((await parts.blobs.verify(due)).verdict);
    expect(verdicts).toContain('mended');
    expect(lies()).toHaveLength(others + 1);
    await parts.blobs.delete(key);
    expect(await parts.blobs.size(key)).toBeUndefined();
  });

  it('ignores what was not kept, and forgets nothing that was', async () => {
    const key = newKey();
    const bytes = randomBytes(300_000);
    const first = await parts.blobs.grow(key);
    await first.push(bytes.subarray(0, 100_000));
    await keep(await first.cut());
    await first.push(randomBytes(150_000));
    await first.cut();
    await first.drop();
    const second = await parts.blobs.regrow(key);
    await second!.push(bytes.subarray(100_000));
    await keep(await second!.end());
    expect((await read(key)).equals(bytes)).toBe(true);
  });
});
