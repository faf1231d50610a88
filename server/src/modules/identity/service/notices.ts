import { uuid, type identityRoutes, type ObjectRef, type QueryOf, type ReplyOf } from '@geneward/api';
import type { Context } from '../../../platform/context.ts';
import { type Db } from '../../../platform/db.ts';
import { enqueue } from '../../../platform/jobs.ts';
import { pageFrom, positionOf } from '../../../platform/page.ts';
import * as store from '../store.ts';
import { signedIn } from './who.ts';

/** Something that people should know, in both languages. */
export interface NewNotice {
  /** Ids of persons; each gets a copy once. */
  readonly people: readonly string[];
  /** Dotted name of what happened, e.g. `submission.returned`. */
  readonly type: string;
  readonly title: { readonly en: string; readonly zh: string };
  readonly body: { readonly en: string; readonly zh: string };
  readonly object?: ObjectRef;
  readonly at: Date;
}

/** Tells people something with the transaction of what happened; who wants it by mail gets it by a job. */
export async function notify(db: Db, notice: NewNotice): Promise<void> {
  const ids = await store.insertNotices(
    db,
    [...new Set(notice.people)].map((person) => ({
      person_id: person,
      type: notice.type,
      title_en: notice.title.en,
      title_zh: notice.title.zh,
      body_en: notice.body.en,
      body_zh: notice.body.zh,
      object_kind: notice.object?.kind ?? null,
      object_id: notice.object?.id ?? null,
      object_accession: notice.object?.accession ?? null,
      created_at: notice.at,
    })),
  );
  for (const id of ids) await enqueue(db, 'identity.mail_notice', { notice: id }, { key: `mail:${id}` });
}

export async function myNotices(
  context: Context,
  query: QueryOf<typeof identityRoutes.myNotices>,
): Promise<ReplyOf<typeof identityRoutes.myNotices>> {
  const { id } = signedIn(context);
  const rows = await store.noticesOf(context.db, id, {
    unread: query.unread === 'true',
    after: positionOf(query.after, uuid),
    limit: query.limit + 1,
  });
  return pageFrom(rows, query.limit, (row) => row.id, store.noticeView);
}

export async function markNoticesRead(context: Context, ids: readonly string[] | undefined): Promise<number> {
  const { id } = signedIn(context);
  return store.markRead(context.db, id, context.now(), ids);
}
