import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import fastifyCookie from '@fastify/cookie';
import fastifyRateLimit, { type FastifyRateLimitStore, type FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { sql } from 'kysely';
import type { Context, Language, Principal } from './platform/context.ts';
import { asProblem } from './platform/db.ts';
import type { Alarm, Server } from './platform/http.ts';
import type { Parts } from './platform/parts.ts';
import { Problem, problemBody } from './platform/problem.ts';
import { tooMany, type RequestLimit } from './platform/request-limit.ts';

/** Turns credentials of a request into who acts; identity gives it. */
export type Authenticate = (request: FastifyRequest) => Promise<Principal>;

/**
 * The HTTP surface: request id, who acts, limits, headers, and every error as problem+json. Modules put their routes on it;
 * it does not listen.
 */
export async function buildApp(parts: Parts, authenticate: Authenticate): Promise<Server> {
  const { config, log } = parts;
  const baseLog: FastifyBaseLogger = log;
  const trusted = config.http.trustedProxies.split(',').map((address) => address.trim());
  const server: Server = fastify({
    loggerInstance: baseLog,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: config.limits.bodyBytes,
    trustProxy: trusted[0] ? trusted : false,
    requestTimeout: 0,
    keepAliveTimeout: 30_000,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 1000, ignoreTrailingSlash: true },
    // What no route can be looked up for, such as a path with broken percent-encoding: no hook has run yet.
    frameworkErrors: (error, request, reply) => {
      const language = languageOf(request);
      securityHeaders(reply, request.id, language);
      request.context = contextOf(parts, request, language, { kind: 'anonymous' });
      void sendProblem(error.statusCode === 414 ? new Problem('not_found') : error, request, reply);
    },
    clientErrorHandler: refuseUnreadable,
  });
  server.server.headersTimeout = 30_000;
  server.decorateRequest('context', null as never);
  server.decorate('alarms', []);
  await server.register(fastifyCookie);
  server.addHook('onRequest', async (request, reply) => {
    const language = languageOf(request);
    request.context = contextOf(parts, request, language, { kind: 'anonymous' });
    securityHeaders(reply, request.id, language);
    limitArrival(request, reply, config.http.requestTimeoutSeconds);
    request.context = contextOf(parts, request, language, await authenticate(request));
    refuseOtherSites(request);
  });
  await server.register(fastifyRateLimit, {
    hook: 'preValidation',
    max: config.limits.requestsPerMinute,
    timeWindow: 60_000,
    keyGenerator: ({ context }) =>
      context.principal.kind === 'person' ? context.principal.id : (context.address ?? ''),
    allowList: ({ url }) => !url.startsWith('/api/'),
    errorResponseBuilder: (_request, { ttl }) => tooMany(ttl),
    store: sharedCount(parts.requests),
  });
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    parts.metrics.request.observe(
      { method: request.method, route, status: String(reply.statusCode) },
      reply.elapsedTime / 1000,
    );
    log.info(
      {
        requestId: request.id,
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    );
  });
  server.setErrorHandler((error: FastifyError, request, reply) => sendProblem(asProblem(error), request, reply));
  server.setNotFoundHandler((request, reply) => sendProblem(new Problem('not_found'), request, reply));
  await twoKindsOfBody(server);
  probes(server, parts);
  return server;
}

/** Requests over HTTP count with what the same people ask at other doors. */
const sharedCount = (requests: RequestLimit): FastifyRateLimitStoreCtor =>
  class Shared implements FastifyRateLimitStore {
    incr(key: string, callback: (error: Error | null, result?: { current: number; ttl: number }) => void): void {
      callback(null, requests.count(key));
    }
    child(): Shared {
      return this;
    }
  };

/** JSON routes read JSON and nothing else; byte routes read nothing and get the stream. */
async function twoKindsOfBody(server: Server): Promise<void> {
  await server.register(async (json) => {
    json.removeContentTypeParser('text/plain');
    server.decorate('json', json);
  });
  await server.register(async (bytes) => {
    bytes.removeAllContentTypeParsers();
    bytes.addContentTypeParser('*', { bodyLimit: Number.MAX_SAFE_INTEGER }, (_request, payload, done) =>
      done(null, payload),
    );
    bytes.addHook('preHandler', async (request) => {
      // Without a Content-Type no parser runs: the body is still the stream.
      if (request.body === undefined) request.body = request.raw;
    });
    server.decorate('bytes', bytes);
  });
}

function contextOf(parts: Parts, request: FastifyRequest, language: Language, principal: Principal): Context {
  const { pool, log, now } = parts;
  return {
    db: pool.db,
    principal,
    requestId: request.id,
    address: request.ip,
    language,
    now,
    log: log.child({ requestId: request.id }),
  };
}

function languageOf(request: FastifyRequest): Language {
  return /^\s*zh\b/i.test(request.headers['accept-language'] ?? '') ? 'zh' : 'en';
}

function securityHeaders(reply: FastifyReply, requestId: string, language: Language): void {
  reply.headers({
    'x-request-id': requestId,
    'content-language': language,
    vary: 'accept-language',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'content-security-policy':
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    'cache-control': 'no-store',
  });
}

/** A JSON body must arrive within the limit; streams of bytes have their own idle limit. */
function limitArrival(request: FastifyRequest, reply: FastifyReply, seconds: number): void {
  if (request.routeOptions.config.route?.bytes?.in || request.method === 'GET') return;
  const timer = setTimeout(() => {
    if (request.raw.complete || reply.sent) return;
    sendProblem(new Problem('request_timeout'), request, reply.header('connection', 'close'));
  }, seconds * 1000);
  request.raw.once('close', () => clearTimeout(timer));
  request.raw.once('end', () => clearTimeout(timer));
}

/** What is no HTTP at all, or has headers without end, has no request to answer: the problem is written to the connection. */
function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const id = randomUUID();
  const slow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const body = JSON.stringify(problemBody(new Problem(slow ? 'request_timeout' : 'malformed_request'), 'en', id));
  const status = slow ? '408 Request Timeout' : '400 Bad Request';
  if (socket.writable)
    socket.write(
      `HTTP/1.1 ${status}\r\ncontent-type: application/problem+json; charset=utf-8\r\nx-request-id: ${id}\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    );
  socket.destroy();
}

/** Cookies travel with requests that other sites cause; tokens do not. */
function refuseOtherSites(request: FastifyRequest): void {
  const { principal } = request.context;
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return;
  const bySession = principal.kind === 'person' && principal.via.kind === 'session';
  const site = request.headers['sec-fetch-site'];
  const origin = request.headers.origin;
  const foreign = site
    ? !['same-origin', 'none'].includes(site)
    : origin !== undefined && !sameHost(origin, request.host);
  if (foreign && (bySession || request.url.startsWith('/api/v1/session'))) throw new Problem('csrf');
}

function sameHost(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}

function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = error instanceof Problem ? error : known(error, request);
  const { language, requestId, log } = request.context ?? { language: 'en', requestId: request.id, log: request.log };
  if (problem.status >= 500) log.error({ err: problem.cause ?? error, code: problem.code }, 'request failed');
  if (problem.details.retryAfter !== undefined) reply.header('retry-after', problem.details.retryAfter);
  const body = problemBody(problem, language, requestId);
  const text = JSON.stringify(body);
  reply.code(body.status).header('content-type', 'application/problem+json; charset=utf-8');
  // A request that came over no connection (inject) does not know whether it is complete.
  if (!('complete' in request.raw) || request.raw.complete) return reply.send(text);
  return reply
    .headers({ connection: 'close', 'content-length': Buffer.byteLength(text) })
    .send(Readable.from(thenLinger(text, request.raw)));
}

/** How long a sender that was refused may take to notice. */
const lingerSeconds = 2;

/**
 * The whole answer at once, its end only when the sender has stopped or some time has passed: a connection that is closed while
 * bytes arrive is reset, and then the sender never reads why. What arrives meanwhile is thrown away.
 */
async function* thenLinger(text: string, body: IncomingMessage): AsyncGenerator<string> {
  yield text;
  if (body.complete || body.destroyed) return;
  const enough = new AbortController();
  const timer = setTimeout(() => enough.abort(), lingerSeconds * 1000);
  body.resume();
  await Promise.race(['end', 'close', 'error'].map((event) => once(body, event, { signal: enough.signal }))).catch(
    () => undefined,
  );
  clearTimeout(timer);
  enough.abort();
}

/** Fastify's own refusals, and everything unexpected. */
function known(error: unknown, request: FastifyRequest): Problem {
  const { code, statusCode } = error instanceof Error ? (error as Partial<FastifyError>) : {};
  switch (code ?? '') {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Problem('body_too_large', { params: { limit: request.routeOptions.bodyLimit ?? 0 } });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_INVALID_CONTENT_TYPE':
      return new Problem('unsupported_media_type', { params: { accepted: 'application/json' } });
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new Problem('malformed_body');
    case 'FST_ERR_BAD_URL':
      return new Problem('malformed_request');
    default:
      return statusCode === 400
        ? new Problem('malformed_body', { cause: error })
        : new Problem('internal', { cause: error });
  }
}

/** What does not answer by then is away. */
const probeMilliseconds = 6000;

/** What an orchestrator asks: alive, ready to serve, and in what state. */
function probes(server: Server, parts: Parts): void {
  server.get('/health', async () => ({ status: 'ok' }));
  const look = atMostEverySecond(async () => {
    const [database, stores, keys] = await Promise.all([
      holds(() => sql`select 1`.execute(parts.pool.db)),
      answerOf(() => parts.blobs.away()),
      holds(() => parts.keys.check()),
    ]);
    const told = database ? await Promise.all(server.alarms.map((ask) => ask().catch(() => undefined))) : [];
    const away = stores?.map((name): Alarm => ({ part: 'storage', code: 'storage_unavailable', name }));
    const alarms = [...told.filter((alarm) => alarm !== undefined), ...(away ?? [])];
    return { checks: { database, storage: stores !== undefined, keys }, alarms };
  });
  server.get('/ready', async (_request, reply) => {
    const { checks, alarms } = await look();
    const ready = Object.values(checks).every(Boolean);
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? 'ready' : 'not_ready', checks, ...(alarms.length > 0 && { alarms }) });
  });
  server.get('/metrics', async (request, reply) => {
    const { metricsToken } = parts.config.http;
    if (metricsToken !== undefined && !isSame(request.headers.authorization ?? '', `Bearer ${metricsToken}`))
      throw new Problem('unauthenticated');
    const { pg } = parts.pool;
    parts.metrics.databaseConnections.set({ state: 'open' }, pg.totalCount);
    parts.metrics.databaseConnections.set({ state: 'idle' }, pg.idleCount);
    parts.metrics.databaseConnections.set({ state: 'waiting' }, pg.waitingCount);
    return reply.type(parts.metrics.registry.contentType).send(await parts.metrics.registry.metrics());
  });
}

/** Anybody may ask as often as they like: one look at a time is taken, and it counts for a second. */
function atMostEverySecond<T>(look: () => Promise<T>): () => Promise<T> {
  let latest: Promise<T> | undefined;
  return () =>
    (latest ??= look().finally(() => {
      setTimeout(() => (latest = undefined), 1000).unref();
    }));
}

/** Compares in the same time whatever the two have in common. */
function isSame(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

const holds = async (check: () => Promise<unknown>): Promise<boolean> =>
  (await answerOf(async () => (await check(), true))) ?? false;

/** Undefined when the answer is an error, or none comes while an orchestrator would wait. */
function answerOf<T>(ask: () => Promise<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), probeMilliseconds);
    ask()
      .then(resolve, () => resolve(undefined))
      .finally(() => clearTimeout(timer));
  });
}
