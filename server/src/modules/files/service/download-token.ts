import type { BodyOf, downloadRoutes, ReplyOf } from '@geneward/api';
import type { FastifyRequest } from 'fastify';
import { record } from '../../../platform/audit.ts';
import type { Context, Principal } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { hashOf, isToken, newToken, personActing } from '../../identity/index.ts';
import type { FilesPorts } from '../ports.ts';
import * as store from '../token-store.ts';
import { readable } from './read.ts';

/** What such a token begins with, so that scanners of leaked secrets tell it from others. */
const prefix = 'gwd_';
const day = 86_400_000;
/** Tokens of one person at a time. */
const limit = 1000;

function signedIn({ principal }: Context) {
  if (principal.kind === 'person' && principal.via.kind !== 'download') return principal;
  throw new Problem('unauthenticated');
}

/**
 * Issues a token for downloading files that the caller may read now. It gives no right of its own: whether its owner may read is asked
 * again with every use, and a right that ended takes the file from the token for good.
 */
export async function issueDownloadToken(
  context: Context,
  { files, days }: BodyOf<typeof downloadRoutes.issueDownloadToken>,
  { config }: Pick<Parts, 'config'>,
  ports: Pick<FilesPorts, 'holder'>,
): Promise<ReplyOf<typeof downloadRoutes.issueDownloadToken>> {
  const { id: person, scopes } = signedIn(context);
  const wanted = [...new Set(files)];
  for (const file of wanted) await readable(context, file, ports, true);
  const secret = newToken(prefix);
  const at = context.now();
  const most = config.download.tokenDays;
  const expires = new Date(at.getTime() + Math.min(days ?? most, most) * day);
  return transaction(context.db, async (tx) => {
    if ((await store.liveTokens(tx, person, at)).length >= limit)
      throw new Problem('too_many_download_tokens', { params: { limit } });
    const row = await store.insertToken(tx, { hash: hashOf(secret), person, scopes, files: wanted, at, expires });
    await record(tx, context, {
      type: 'files.download_token_issued',
      object: { kind: 'download_token', id: row.id },
      content: { files: wanted.length, expiresAt: expires.toISOString() },
    });
    return { ...viewOf(row), token: secret };
  });
}

export async function listDownloadTokens(context: Context): Promise<ReplyOf<typeof downloadRoutes.listDownloadTokens>> {
  const rows = await store.liveTokens(context.db, signedIn(context).id, context.now());
  return { items: rows.map(viewOf) };
}

export async function revokeDownloadToken(context: Context, id: string): Promise<void> {
  const { id: person } = signedIn(context);
  await transaction(context.db, async (tx) => {
    if (!(await store.revokeToken(tx, person, id, context.now()))) throw new Problem('not_found');
    await record(tx, context, {
      type: 'files.download_token_revoked',
      object: { kind: 'download_token', id },
      content: { reason: 'owner' },
    });
  });
}

/** Who acts by a download token; undefined when the request carries none. Throws `download_token_ended`. */
export async function byDownloadToken(
  { pool, now }: Pick<Parts, 'pool' | 'now'>,
  request: Pick<FastifyRequest, 'headers' | 'context'>,
): Promise<Principal | undefined> {
  const [, token = ''] = /^Bearer (gwd_[^ ]+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (token === '') return undefined;
  const ended = (en: string, zh: string) =>
    new Problem('download_token_ended', { params: { reason: request.context.language === 'zh' ? zh : en } });
  const found = isToken(token, prefix) ? await store.tokenByHash(pool.db, hashOf(token)) : undefined;
  if (!found) throw ended('it is not known', '令牌不存在');
  if (found.revoked_at) throw ended('it was revoked', '令牌已撤销');
  if (found.expires_at <= now()) throw ended('its time is over', '令牌已到期');
  const { person_id: person, id } = found;
  // Without scopes it is good for nothing; what it is good for is looked up with each file.
  const acting = await personActing(pool.db, person, { scopes: [], via: { kind: 'download', id } });
  if (!acting) throw ended('the account was disabled', '账户已停用');
  return acting;
}

const viewOf = (row: Awaited<ReturnType<typeof store.insertToken>>) => ({
  id: row.id,
  files: row.files,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
});
