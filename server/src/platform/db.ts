import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { KeyProblem } from './keys/suite.ts';
import { Problem } from './problem.ts';

/** Every module adds its tables here by declaration merging in its `tables.ts`; nobody else names them. */
// oxlint-disable-next-line typescript/no-empty-object-type -- filled by declaration merging
export interface Tables {}

/** The pool or a transaction: a use case passes on what it got. */
export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;

// Sizes and counts beyond 2^53 stay exact: bigint columns come as strings, and tables.ts says so.
pg.types.setTypeParser(pg.types.builtins.INT8, (value) => value);
// A day is a day, in no time zone: `YYYY-MM-DD`.
pg.types.setTypeParser(pg.types.builtins.DATE, (value) => value);

export interface Pool {
  readonly db: Db;
  readonly pg: pg.Pool;
  close(): Promise<void>;
}

/** The role that the application works as; it can append to the audit trail and nothing else there. */
export const applicationRole = 'geneward_app';

/** Statements of one shape are few; one whose length follows its rows is not worth keeping. */
const [preparedLength, preparedCount] = [2500, 500];
const prepared = new Map<string, string>();
/** Reads a table, so that its best plan hangs on values and on the size of the table. */
const readsTables = /\b(from|join|using)\s+(?!unnest\b|jsonb_to_recordset\b|whole\b)/;

/** Has each connection parse and plan an `insert` that reads no table once; see record 152. */
class PreparingClient extends pg.Client {
  override query(...given: unknown[]): never {
    const [text, values] = given;
    const name = given.length === 2 && typeof text === 'string' && Array.isArray(values) && nameOf(text);
    return (super.query as (...all: unknown[]) => never)(...(name ? [{ name, text, values }] : given));
  }
}

function nameOf(text: string): string | undefined {
  const known = prepared.get(text);
  if (known || prepared.size >= preparedCount || text.length > preparedLength) return known;
  if (!/^\s*(insert|with whole as \(\s*insert)\b/.test(text) || readsTables.test(text)) return undefined;
  const name = `geneward_${prepared.size}`;
  prepared.set(text, name);
  return name;
}

/**
 * Opens a pool whose connections work as the application role, whoever logged in.
 * @param url PostgreSQL connection string
 */
export function openPool(url: string, options: { size: number; onError: (error: Error) => void }): Pool {
  const pool = new pg.Pool({
    Client: PreparingClient,
    connectionString: url,
    max: options.size,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 120_000,
    idle_in_transaction_session_timeout: 60_000,
    application_name: 'geneward',
    options: `-c role=${applicationRole} -c timezone=UTC`,
  });
  // A connection that breaks while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', options.onError);
  pool.on('connect', (client) => client.on('error', options.onError));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return { db, pg: pool, close: () => db.destroy() };
}

const retryable = new Set(['40001', '40P01']);
const unavailable = new Set([
  '57P01',
  '57P02',
  '57P03',
  '08000',
  '08001',
  '08003',
  '08006',
  '53300',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** Runs `work` in one transaction; deadlocks and serialisation failures are tried again, a few times. */
export async function transaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  if (db.isTransaction) return work(db as Tx);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (attempt < 5 && retryable.has(sqlState(error))) continue;
      throw asProblem(error);
    }
  }
}

/** Does what a start needs the database for, again and again while it is away, until told to stop. */
export async function outlast<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const problem = asProblem(error);
      const away = problem instanceof Problem && problem.code === 'database_unavailable';
      if (!away || signal.aborted) throw error;
      await new Promise((done) => setTimeout(done, 250));
    }
  }
}

/** SQLSTATE or system error code of a database error, or an empty string. */
export function sqlState(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Turns "the database is away" and "the disk is full" into the coded problems that a client can act on. */
export function asProblem(error: unknown): unknown {
  if (error instanceof Problem) return error;
  if (error instanceof KeyProblem && (error.code === 'keys_away' || error.code === 'keys_refused'))
    return new Problem('keys_unavailable', { retryAfter: 10, cause: error });
  const state = sqlState(error);
  // PostgreSQL keeps no NUL in text (22021) nor in jsonb (22P05); no contract needs one either.
  if (state === '22021' || state === '22P05')
    return new Problem('invalid_request', {
      issues: [{ path: '', message: 'contains a NUL character' }],
      cause: error,
    });
  if (
    unavailable.has(state) ||
    (error instanceof Error &&
      /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
        error.message,
      ))
  ) {
    return new Problem('database_unavailable', { retryAfter: 5, cause: error });
  }
  if (state === '53100' || state === 'ENOSPC' || state === 'EDQUOT')
    return new Problem('storage_full', { cause: error });
  return error;
}
