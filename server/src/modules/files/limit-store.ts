import { sql } from 'kysely';
import type { Tx } from '../../platform/db.ts';

/** A range that is released under a right. */
export interface Use {
  /** The right: a download token, else a person, else an address. */
  readonly grant: string;
  readonly file: string;
  readonly bytes: bigint;
  /** Bytes of the whole file. */
  readonly size: bigint;
  readonly at: Date;
}

/** What was used of a right before some ranges of it. */
export interface Used {
  readonly requests: number;
  readonly bytes: number;
  /** When its minute ends. */
  readonly until: Date;
}

const minute = 60_000;

/** Requests and bytes of the present minute by right, which these uses are added to; gives what was there before. */
export async function noteRates(tx: Tx, uses: readonly Use[]): Promise<Map<string, Used>> {
  const sums = [...Map.groupBy(uses, (use) => use.grant)].map(([grant, of]) => ({
    grant,
    at: of[0]?.at ?? new Date(),
    requests: of.length,
    bytes: String(of.reduce((sum, { bytes }) => sum + bytes, 0n)),
  }));
  const { rows } = await sql<{ grant_key: string; since: Date; requests: number; bytes: string }>`
    insert into download_rate as r (grant_key, since, requests, bytes)
    select "grant", at, requests, bytes from jsonb_to_recordset(${JSON.stringify(sums.toSorted(byGrant))}::jsonb)
      as s("grant" text, at timestamptz, requests int, bytes numeric)
    on conflict (grant_key) do update set
      since = case when r.since <= excluded.since - interval '1 minute' then excluded.since else r.since end,
      requests = case when r.since <= excluded.since - interval '1 minute' then 0 else r.requests end + excluded.requests,
      bytes = case when r.since <= excluded.since - interval '1 minute' then 0 else r.bytes end + excluded.bytes
    returning grant_key, since, requests, bytes`.execute(tx);
  const added = new Map(sums.map((sum) => [sum.grant, sum]));
  return new Map(
    rows.map(({ grant_key: grant, since, requests, bytes }) => [
      grant,
      {
        requests: requests - (added.get(grant)?.requests ?? 0),
        bytes: Number(bytes) - Number(added.get(grant)?.bytes ?? 0),
        until: new Date(since.getTime() + minute),
      },
    ]),
  );
}

// In one order, so that two batches never wait for each other.
const byGrant = (a: { grant: string }, b: { grant: string }) => (a.grant < b.grant ? -1 : 1);

/** Bytes of a file by right in all, which these uses are added to; gives what was there before. */
export async function noteCounts(tx: Tx, uses: readonly Use[]): Promise<Map<string, number>> {
  const sums = [...Map.groupBy(uses, countKey)].map(([, of]) => ({
    grant: of[0]?.grant ?? '',
    file: of[0]?.file ?? '',
    at: of[0]?.at ?? new Date(),
    bytes: String(of.reduce((sum, { bytes }) => sum + bytes, 0n)),
  }));
  const { rows } = await sql<{ grant_key: string; file_id: string; bytes: string }>`
    insert into download_count as c (grant_key, file_id, bytes, last_at)
    select "grant", file, bytes, at from jsonb_to_recordset(${JSON.stringify(sums.toSorted(byGrantAndFile))}::jsonb)
      as s("grant" text, file uuid, bytes numeric, at timestamptz)
    on conflict (grant_key, file_id) do update set bytes = c.bytes + excluded.bytes, last_at = excluded.last_at
    returning grant_key, file_id, bytes`.execute(tx);
  const added = new Map(sums.map((sum) => [countKey(sum), Number(sum.bytes)]));
  return new Map(
    rows.map(({ grant_key: grant, file_id: file, bytes }) => {
      const key = countKey({ grant, file });
      return [key, Number(bytes) - (added.get(key) ?? 0)];
    }),
  );
}

export const countKey = ({ grant, file }: { grant: string; file: string }): string => `${grant} ${file}`;
const byGrantAndFile = (a: { grant: string; file: string }, b: { grant: string; file: string }) =>
  countKey(a) < countKey(b) ? -1 : 1;

/** Takes back what was added for ranges that were refused. */
export async function giveBack(tx: Tx, { grant, file, bytes }: Use): Promise<void> {
  await sql`update download_rate set bytes = greatest(0, bytes - ${String(bytes)}::numeric) where grant_key = ${grant}`.execute(
    tx,
  );
  await sql`update download_count set bytes = greatest(0, bytes - ${String(bytes)}::numeric)
    where grant_key = ${grant} and file_id = ${file}`.execute(tx);
}

/** Forgets rights that nobody used since a time. */
export async function forgetUses(tx: Tx, before: Date): Promise<void> {
  await tx.deleteFrom('download_rate').where('since', '<', before).execute();
  await tx.deleteFrom('download_count').where('last_at', '<', before).execute();
}
