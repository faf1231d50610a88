import type { z } from 'zod';
import type { Text } from '@geneward/metadata';

/** Who may call a route at all; what they may do with which object is decided in the use case. */
export type Caller =
  /** Anybody, signed in or not. */
  | 'anyone'
  /** A person with a session, or a token that carries the named scope. */
  | Scope;

/** What a token may be limited to. A session carries all of them. */
export const scopes = ['read', 'submit', 'review', 'compute', 'administer', 'audit'] as const;
export type Scope = (typeof scopes)[number];

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

/** One line of the contract: everything that server, client, command line and documentation need to know of a call. */
export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
> {
  readonly method: Method;
  /** Below `/api/v1`, with `:name` parameters. */
  readonly path: `/${string}`;
  readonly summary: Text;
  readonly caller: Caller;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly reply?: Reply;
  /** HTTP status of success; 200, or 204 when there is no reply. */
  readonly status?: 200 | 201 | 202 | 204;
  /** Bytes instead of JSON: the media types that go in or come out. */
  readonly bytes?: { readonly in?: readonly string[]; readonly out?: readonly string[] };
  /** Takes `Idempotency-Key`: the same key and body give the first answer again. */
  readonly idempotent?: true;
  /** Answers with an `ETag`; on a change `If-Match` is required. */
  readonly etag?: true;
  /** Largest body in bytes when it differs from the default of 1 MiB. */
  readonly bodyLimit?: number;
  /** Coded problems that this route can answer with, beyond the common ones. */
  readonly problems?: readonly string[];
}

/** Keeps the exact types of a route while checking its form. */
export function route<
  const Params extends z.ZodType,
  const Query extends z.ZodType,
  const Body extends z.ZodType,
  const Reply extends z.ZodType,
>(definition: Route<Params, Query, Body, Reply>): Route<Params, Query, Body, Reply> {
  return definition;
}

/** The calls of one module by name. */
export type RouteTable = Readonly<Record<string, Route>>;

export type ParamsOf<R> = R extends Route<infer P> ? z.output<P> : never;
export type QueryOf<R> = R extends Route<z.ZodType, infer Q> ? z.output<Q> : never;
export type BodyOf<R> = R extends Route<z.ZodType, z.ZodType, infer B> ? z.output<B> : never;
export type ReplyOf<R> = R extends Route<z.ZodType, z.ZodType, z.ZodType, infer A> ? z.input<A> : never;
