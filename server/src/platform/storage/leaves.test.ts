import { randomBytes } from 'node:crypto';
import { leafPage, rangeProof } from '@geneward/crypt4gh';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testParts, type TestParts } from '../../../test/parts.ts';
import { crypto } from '../keys/suite-a.ts';
import { leafPages, proofOf, saveLeaves } from './leaves.ts';

let parts: TestParts;
beforeAll(async () => void (parts = await testParts()));
afterAll(() => parts.close());

it.each([1, 2, 4095, 4096, 4097, 2 * leafPage, 2 * leafPage + 1, 4 * leafPage + 5, 7 * leafPage - 3])(
  'proves any range of %i leaves from their pages as from the whole list',
  async (count) => {
    const key = `files/leaves/${count}`;
    const { db } = parts.pool;
    await sql`insert into stored_object (key, suite, key_version, header, begun_at) values (${key}, 'A', 1, 'x', now())`.execute(
      db,
    );
    const all = randomBytes(count * 32);
    const pages = leafPages();
    for (let nth = 0; nth < count; nth += 1) {
      pages.add(all.subarray(nth * 32, nth * 32 + 32));
      await saveLeaves(db, key, pages.full());
    }
    await saveLeaves(db, key, pages.rest());
    const object = { key, plainSize: BigInt(count) * 65_536n - 5n };
    const ends = [
      ...new Set([0, 1, 2, leafPage - 1, leafPage, leafPage + 1, Math.floor(count / 2), count - 1, count]),
    ].filter((end) => end >= 0 && end <= count);
    for (const from of ends)
      for (const to of ends) {
        const found = await proofOf(db, object, from, to);
        const wanted = from < to ? rangeProof(crypto, all, from, to) : undefined;
        expect(found && Buffer.from(found.leaves)).toEqual(wanted && Buffer.from(wanted.leaves));
        expect(found && Buffer.from(found.proof)).toEqual(wanted && Buffer.from(wanted.proof));
      }
    expect(await proofOf(db, object, 0, count + 1)).toBeUndefined();
  },
);
