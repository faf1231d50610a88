import type { Notice } from '@geneward/api';
import { sql, type Insertable, type Selectable } from 'kysely';
import type { Db } from '../../../platform/db.ts';
import type { NoticeTable } from '../tables.ts';

type Row = Selectable<NoticeTable>;

export async function insertNotices(db: Db, notices: Insertable<NoticeTable>[]): Promise<string[]> {
  if (notices.length === 0) return [];
  const rows = await db.insertInto('notice').values(notices).returning('id').execute();
  return rows.map((row) => row.id);
}

export async function noticesOf(
  db: Db,
  person: string,
  filter: { unread: boolean; after?: string | undefined; limit: number },
): Promise<Row[]> {
  let query = db
    .selectFrom('notice')
    .selectAll()
    .where('person_id', '=', person)
    .orderBy('id', 'desc')
    .limit(filter.limit);
  if (filter.unread) query = query.where('read_at', 'is', null);
  if (filter.after) query = query.where('id', '<', filter.after);
  return query.execute();
}

export async function markRead(db: Db, person: string, now: Date, ids?: readonly string[]): Promise<number> {
  let query = db
    .updateTable('notice')
    .set({ read_at: now })
    .where('person_id', '=', person)
    .where('read_at', 'is', null);
  if (ids) query = query.where('id', 'in', ids);
  return Number((await query.executeTakeFirst()).numUpdatedRows);
}

export async function unreadCount(db: Db, person: string): Promise<number> {
  const row = await db
    .selectFrom('notice')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('person_id', '=', person)
    .where('read_at', 'is', null)
    .executeTakeFirstOrThrow();
  return row.count;
}

/** A notice that still has to be mailed, with where and how; kept for this transaction so that it is mailed once. */
export async function noticeToMail(db: Db, id: string) {
  return db
    .selectFrom('notice')
    .innerJoin('person', 'person.id', 'notice.person_id')
    .select(['title_en', 'title_zh', 'body_en', 'body_zh', 'person.email', 'person.language', 'person.name'])
    .where('notice.id', '=', id)
    .where('notice.mailed_at', 'is', null)
    .where('person.mail_notices', '=', true)
    .where('person.status', '=', 'active')
    .forUpdate('notice')
    .executeTakeFirst();
}

export async function markMailed(db: Db, id: string, now: Date): Promise<void> {
  await db.updateTable('notice').set({ mailed_at: now }).where('id', '=', id).execute();
}

/** A notice as the contract shows one. */
export function noticeView(row: Row): Notice {
  return {
    id: row.id,
    at: row.created_at.toISOString(),
    type: row.type,
    title: { en: row.title_en, zh: row.title_zh },
    body: { en: row.body_en, zh: row.body_zh },
    ...(row.object_kind &&
      row.object_id && {
        object: {
          kind: row.object_kind,
          id: row.object_id,
          ...(row.object_accession && { accession: row.object_accession }),
        },
      }),
    ...(row.read_at && { readAt: row.read_at.toISOString() }),
  };
}
