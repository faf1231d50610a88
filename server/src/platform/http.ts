import type { FastifyInstance, FastifyReply, FastifyRequest, RawServerDefault } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { BodyOf, ParamsOf, QueryOf, ReplyOf, Route, RouteTable } from '@geneward/api';
import type { Context } from './context.ts';
import { asProblem } from './db.ts';
import { answerOnce } from './idempotency.ts';
import { Problem } from './problem.ts';
import { tellRefusal } from './tell-refusal.ts';

export type Server = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse>;

/** What an operator must hear although requests are answered. */
export interface Alarm {
  readonly part: string;
  readonly code: string;
  /** Which of several, as a store by its name. */
  readonly name?: string;
}

/** One call of a route: checked input, and what is needed to answer beyond a JSON body. */
export interface Call<R extends Route> {
  readonly context: Context;
  readonly params: ParamsOf<R>;
  readonly query: QueryOf<R>;
  readonly body: BodyOf<R>;
  /** The version that the client believes to change; present on every change of a route with `etag`. */
  readonly ifMatch: string | undefined;
  readonly headers: IncomingMessage['headers'];
  /** The raw body of a route with `bytes.in`. */
  readonly bytes: Readable;
  readonly reply: FastifyReply;
  /** Sets the ETag of the answer. */
  readonly etag: (version: string | number) => void;
}

/** What a handler gives: the JSON reply, or the raw reply that it has sent itself for a route with `bytes.out`. */
type Answer<R extends Route> = unknown extends ReplyOf<R> ? void | FastifyReply : ReplyOf<R>;
export type Handlers<T extends RouteTable> = { readonly [K in keyof T]: (call: Call<T[K]>) => Promise<Answer<T[K]>> };

/**
 * Puts a module's routes on the server. Everything that arrives is checked against the contract before a handler sees it, and
 * everything that leaves is cut to the contract.
 */
export function bind<T extends RouteTable>(server: Server, table: T, handlers: Handlers<T>): void {
  for (const [name, route] of Object.entries(table)) {
    const handler = handlers[name] as (call: Call<Route>) => Promise<unknown>;
    const scope = route.bytes?.in ? server.bytes : server.json;
    scope.route({
      method: route.method,
      url: `/api/v1${route.path}`,
      ...(route.bodyLimit !== undefined && { bodyLimit: route.bodyLimit }),
      config: { route },
      handler: (request, reply) => answer(route, handler, request, reply),
    });
  }
}

async function answer(
  route: Route,
  handler: (call: Call<Route>) => Promise<unknown>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { context } = request;
  try {
    checkCaller(route, context);
    if (route.bytes?.in) checkMediaType(route.bytes.in, request);
    const input = {
      params: parse(route.params, request.params, 'params'),
      query: parse(route.query, request.query, 'query'),
      body: route.bytes?.in ? undefined : parse(route.body, request.body ?? undefined, 'body'),
    };
    const ifMatch = matchHeader(route, request);
    const run = (inner: Context) =>
      handler({
        context: inner,
        params: input.params,
        query: input.query,
        body: input.body,
        ifMatch,
        headers: request.headers,
        bytes: request.body as Readable,
        reply,
        etag: (version) => void reply.header('etag', `"${version}"`),
      });
    const status = route.status ?? (route.reply ? 200 : 204);
    if (!route.idempotent) return send(route, reply, status, await run(context));
    return await answerOnce(context, request, reply, status, async (inner) => route.reply?.parse(await run(inner)));
  } catch (error) {
    const problem = asProblem(error);
    await tellRefusal(context, problem);
    throw problem;
  }
}

function send(route: Route, reply: FastifyReply, status: number, result: unknown): FastifyReply {
  if (reply.sent || reply.raw.headersSent) return reply;
  if (route.bytes?.out && !route.reply) return reply;
  reply.code(status);
  return route.reply ? reply.send(route.reply.parse(result)) : reply.send();
}

function checkCaller(route: Route, { principal }: Context): void {
  if (route.caller === 'anyone') return;
  if (principal.kind === 'anonymous') throw new Problem('unauthenticated');
  if (principal.kind === 'person' && !principal.scopes.includes(route.caller)) {
    throw new Problem('forbidden', { params: { needed: route.caller } });
  }
}

function checkMediaType(accepted: readonly string[], request: FastifyRequest): void {
  const type =
    (request.headers['content-type'] ?? 'application/octet-stream').split(';')[0]?.trim().toLowerCase() ?? '';
  if (accepted.includes('*/*') || accepted.includes(type)) return;
  throw new Problem('unsupported_media_type', { params: { accepted: accepted.join(', ') } });
}

function parse(schema: z.ZodType | undefined, value: unknown, part: string): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Problem('invalid_request', {
    issues: parsed.error.issues
      .slice(0, 50)
      .map((issue) => ({ path: [part, ...issue.path.map(String)].join('.'), message: issue.message })),
  });
}

function matchHeader(route: Route, request: FastifyRequest): string | undefined {
  const header = request.headers['if-match'];
  if (route.etag && route.method !== 'GET' && !header) throw new Problem('if_match_required');
  return header?.replace(/^(?:W\/)?"(.*)"$/, '$1');
}

declare module 'fastify' {
  interface FastifyRequest {
    context: Context;
  }
  interface FastifyInstance {
    /** Where JSON routes live: no other body is read there. */
    json: FastifyInstance;
    /** Where routes that take raw bytes live: the body stays a stream. */
    bytes: FastifyInstance;
    /** Modules that have something to say which an operator must hear; `/ready` passes it on. */
    alarms: (() => Promise<Alarm | undefined>)[];
  }
  interface FastifyContextConfig {
    route?: Route;
  }
}
