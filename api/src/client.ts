import type { z } from 'zod';
import type { Route } from './contract.ts';
import type { ProblemBody } from './problem.ts';

/** Answer of the server that is not a success, as its RFC 9457 body tells it. */
export class ApiProblem extends Error {
  readonly code: string;
  readonly body: ProblemBody;
  constructor(body: ProblemBody) {
    super(body.detail ?? body.title);
    this.code = body.code;
    this.body = body;
  }
}

export interface ClientOptions {
  /** Address of the installation, without `/api/v1`. */
  readonly baseUrl: string;
  /** The token itself, or where the one is got that is good at the moment. */
  readonly token?: string | (() => Promise<string | undefined>);
  readonly language?: 'en' | 'zh';
  readonly fetch?: typeof fetch;
}

/** A schema that a route leaves out is inferred as the widest one, whose values are unknown. */
type Part<K extends string, S extends z.ZodType> = unknown extends z.input<S> ? unknown : Record<K, z.input<S>>;
/** What a call takes, derived from its route. */
export type CallInput<R extends Route> =
  R extends Route<infer P, infer Q, infer B>
    ? Part<'params', P> &
        Part<'query', Q> &
        Part<'body', B> & { ifMatch?: string; idempotencyKey?: string; signal?: AbortSignal }
    : never;
export type CallReply<R extends Route> =
  R extends Route<z.ZodType, z.ZodType, z.ZodType, infer A>
    ? unknown extends z.output<A>
      ? undefined
      : z.output<A>
    : never;

export interface Client {
  /** Calls a JSON route. Throws {@link ApiProblem} for a refusal and TypeError when the server cannot be reached. */
  call<R extends Route>(route: R, input: CallInput<R>): Promise<CallReply<R>>;
  /** Calls a route whose request or reply is bytes and gives the raw response of a success. */
  raw(
    route: Route,
    input: {
      params?: object;
      query?: object;
      body?: BodyInit | null;
      headers?: Record<string, string>;
      signal?: AbortSignal;
    },
  ): Promise<Response>;
}

/** A small typed client over `fetch`: the contract is its only source. */
export function createClient(options: ClientOptions): Client {
  const send = options.fetch ?? fetch;
  async function raw(
    route: Route,
    input: {
      params?: object;
      query?: object;
      body?: BodyInit | null;
      headers?: Record<string, string>;
      signal?: AbortSignal;
    },
  ): Promise<Response> {
    const headers: Record<string, string> = { 'accept-language': options.language ?? 'en', ...input.headers };
    const token = typeof options.token === 'function' ? await options.token() : options.token;
    if (token) headers['authorization'] = `Bearer ${token}`;
    const init: RequestInit & { duplex?: 'half' } = { method: route.method, headers, credentials: 'same-origin' };
    if (input.signal) init.signal = input.signal;
    if (input.body !== undefined && input.body !== null) {
      init.body = input.body;
      if (input.body instanceof ReadableStream) init.duplex = 'half';
    }
    const response = await send(addressOf(options.baseUrl, route, input.params ?? {}, input.query ?? {}), init);
    if (!response.ok) throw new ApiProblem(await problemOf(response));
    return response;
  }
  return {
    raw,
    async call(route, input) {
      const given = input as {
        params?: object;
        query?: object;
        body?: unknown;
        ifMatch?: string;
        idempotencyKey?: string;
        signal?: AbortSignal;
      };
      const headers: Record<string, string> = {};
      if (given.body !== undefined) headers['content-type'] = 'application/json';
      if (given.ifMatch) headers['if-match'] = given.ifMatch;
      if (given.idempotencyKey) headers['idempotency-key'] = given.idempotencyKey;
      const response = await raw(route, {
        headers,
        ...(given.params && { params: given.params }),
        ...(given.query && { query: given.query }),
        ...(given.signal && { signal: given.signal }),
        ...(given.body !== undefined && { body: JSON.stringify(given.body) }),
      });
      if (response.status === 204 || !route.reply) return undefined as never;
      return replyOf(route, response);
    },
  };
}

/** Reads the JSON answer of a raw call by its route. */
export async function replyOf<R extends Route>(route: R, response: Response): Promise<CallReply<R>> {
  return route.reply?.parse(await response.json()) as CallReply<R>;
}

/** Full address of a call: path parameters are percent-encoded, missing query values left out. */
export function addressOf(baseUrl: string, route: Route, params: object, query: object): string {
  const values = params as Record<string, unknown>;
  const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(values[name])));
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) search.append(key, String(one));
  }
  return `${baseUrl.replace(/\/$/, '')}/api/v1${path}${search.size > 0 ? `?${search}` : ''}`;
}

async function problemOf(response: Response): Promise<ProblemBody> {
  const body: unknown = await response.json().catch(() => undefined);
  if (body && typeof body === 'object' && 'code' in body) return body as ProblemBody;
  return { type: 'about:blank', title: response.statusText || 'No answer', status: response.status, code: 'internal' };
}
