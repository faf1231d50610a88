import type { Label, Role, Scope } from '@geneward/api';
import type { Db } from './db.ts';
import type { Log } from './log.ts';

/** Who acts. */
export type Principal =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'person';
      readonly id: string;
      readonly organisation: string;
      readonly roles: readonly Role[];
      /** What the person is cleared to see. */
      readonly clearance: Label;
      /** Scopes of the token, or all of them for a session. */
      readonly scopes: readonly Scope[];
      readonly via: {
        readonly kind: 'session' | 'token' | 'download' | 'ssh_key' | 'drop_folder';
        readonly id: string;
      };
    }
  /** The platform itself: a job, a migration, the first start. */
  | { readonly kind: 'system'; readonly name: string };

export type Language = 'en' | 'zh';

/** Everything that a use case needs to know of the call that it serves. */
export interface Context {
  readonly db: Db;
  readonly principal: Principal;
  readonly requestId: string;
  /** Client address; absent for jobs. */
  readonly address?: string;
  readonly language: Language;
  readonly now: () => Date;
  readonly log: Log;
}

/** A job acts as the system, under the request id that caused it when there is one. */
export function systemContext(parts: { db: Db; log: Log; now: () => Date; name: string; requestId: string }): Context {
  const { name, ...rest } = parts;
  return { ...rest, principal: { kind: 'system', name }, language: 'en' };
}
