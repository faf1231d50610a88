import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import type { Context } from './context.ts';
import { transaction } from './db.ts';
import { Problem } from './problem.ts';

/**
 * Runs an act once per `Idempotency-Key`: the answer is kept with the transaction of the act, so a retry after a crash either
 * finds nothing done or gets the first answer. Two at once wait for each other on the key's row.
 */
export async function answerOnce(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  act: (inner: Context) => Promise<unknown>,
): Promise<FastifyReply> {
  const key = request.headers['idempotency-key'];
  if (key === undefined)
    return reply.code(status).send(await transaction(context.db, (tx) => act({ ...context, db: tx })));
  if (typeof key !== 'string' || key.length === 0 || key.length > 200) {
    throw new Problem('invalid_request', {
      issues: [{ path: 'headers.idempotency-key', message: '1-200 characters' }],
    });
  }
  const person = context.principal.kind === 'person' ? context.principal.id : `address:${context.address ?? ''}`;
  const hash = requestHash(request);
  const kept = await transaction(context.db, async (tx) => {
    const mine = await sql`insert into idempotency (person_id, key, request_sha256) values (${person}, ${key}, ${hash})
      on conflict do nothing returning key`.execute(tx);
    if (mine.rows.length === 0) {
      const before = await sql<{
        request_sha256: string;
        status: number;
        body: unknown;
        headers: Record<string, string>;
      }>`
        select request_sha256, status, body, headers from idempotency where person_id = ${person} and key = ${key}`.execute(
        tx,
      );
      const row = before.rows[0];
      if (!row) throw new Problem('request_in_progress', { retryAfter: 1 });
      if (row.request_sha256 !== hash) throw new Problem('idempotency_key_reused');
      return { status: row.status, body: row.body, headers: { ...row.headers, 'idempotency-replayed': 'true' } };
    }
    const body = await act({ ...context, db: tx });
    const etag = reply.getHeader('etag');
    const headers: Record<string, string> = typeof etag === 'string' ? { etag } : {};
    await sql`update idempotency set status = ${status}, body = ${JSON.stringify(body ?? null)}::jsonb, headers = ${JSON.stringify(headers)}::jsonb
      where person_id = ${person} and key = ${key}`.execute(tx);
    return { status, body, headers };
  });
  return reply
    .code(kept.status)
    .headers(kept.headers)
    .send(kept.body ?? undefined);
}

/** Hash of what makes two requests the same one. */
function requestHash(request: FastifyRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([request.method, request.url, request.body ?? null]))
    .digest('hex');
}
