import type { Db } from '../../platform/db.ts';

/** The header of a blob for a recipient: the one that was made first, whoever asks. */
export async function recipientHeader(
  db: Db,
  wanted: { key: string; recipient: Uint8Array; at: Date; make: () => Promise<Uint8Array> },
): Promise<Uint8Array> {
  const { key, at, make } = wanted;
  const recipient = Buffer.from(wanted.recipient);
  const find = () =>
    db
      .selectFrom('recipient_header')
      .select('header')
      .where('blob_key', '=', key)
      .where('recipient', '=', recipient)
      .executeTakeFirst();
  const known = await find();
  if (known) return known.header;
  await db
    .insertInto('recipient_header')
    .values({ blob_key: key, recipient, header: Buffer.from(await make()), made_at: at })
    .onConflict((oc) => oc.doNothing())
    .execute();
  const made = await find();
  if (!made) throw new Error('a header is gone that was just made');
  return made.header;
}
