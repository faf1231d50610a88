import { sql } from 'kysely';
import type { Db } from '../db.ts';
import { keyNumber, readKeyHeader } from '../keys/header.ts';
import type { KeyService, ObjectKey } from '../keys/key-service.ts';
import { openDeposit, suiteA } from '../keys/suite-a.ts';

interface DepositKey {
  readonly public_key: Buffer;
  readonly header: Buffer;
}

const known = (db: Db) =>
  sql<DepositKey>`select public_key, header from deposit_key order by number desc`.execute(db).then(({ rows }) => rows);

/** The public key that senders encrypt for; made at the first use. Its secret half lies wrapped like the key of an object. */
export async function depositKey(parts: { db: Db; keys: KeyService; now: () => Date }): Promise<Uint8Array> {
  const { db, keys, now } = parts;
  const [newest] = await known(db);
  if (newest) return newest.public_key;
  const { publicKey, secretKey } = suiteA.newKeyPair();
  const header = await keys.wrap('A', secretKey);
  const version = keyNumber(readKeyHeader(header));
  // Of several processes that make it at once, the first one's stays.
  await sql`insert into deposit_key (number, public_key, header, key_version, made_at)
    values (1, ${Buffer.from(publicKey)}, ${Buffer.from(header)}, ${version}, ${now()}) on conflict do nothing`.execute(
    db,
  );
  return depositKey(parts);
}

/**
 * Takes over the data key of a file that its sender encrypted for this archive: its Crypt4GH header is opened, and one of ours
 * carries the key from then on. Throws KeyProblem `wrong_key`, `header_malformed`, `header_refused`.
 */
export async function adopt(
  { db, keys }: { db: Db; keys: KeyService },
  deposit: Uint8Array,
): Promise<ObjectKey & { readonly header: Uint8Array }> {
  const pairs = [];
  for (const { public_key: publicKey, header } of await known(db))
    pairs.push({ publicKey, secretKey: (await keys.open(header)).dataKey });
  const dataKey = openDeposit(deposit, pairs);
  return { suite: suiteA, dataKey, header: await keys.wrap('A', dataKey) };
}

/** Puts the wrapped halves under the current key. Returns how many there were. */
export async function rewrapDeposits(db: Db, keys: KeyService): Promise<number> {
  const current = await keys.current('A');
  const { rows } =
    await sql<DepositKey>`select public_key, header from deposit_key where key_version <> ${current}`.execute(db);
  for (const { public_key: publicKey, header } of rows) {
    const [after] = await keys.rewrap([header]);
    if (after)
      await sql`update deposit_key set header = ${Buffer.from(after)}, key_version = ${keyNumber(readKeyHeader(after))}
        where public_key = ${publicKey}`.execute(db);
  }
  return rows.length;
}
