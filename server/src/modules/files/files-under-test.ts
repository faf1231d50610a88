import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { openLabel, scopes, type FileView, type Role } from '@geneward/api';
import { sql } from 'kysely';
import { buildApp } from '../../app.ts';
import type { Principal } from '../../platform/context.ts';
import { systemContext } from '../../platform/context.ts';
import type { Server } from '../../platform/http.ts';
import type { Parts } from '../../platform/parts.ts';
import { Problem } from '../../platform/problem.ts';
import { testParts, type TestParts } from '../../../test/parts.ts';
import { mount, type FilesPorts, type FileRow } from './index.ts';

export type Person = Extract<Principal, { kind: 'person' }>;

/** A server with the files module on real parts; who calls is told by a header with the person's id. */
export interface Site {
  readonly parts: TestParts;
  readonly server: Server;
  readonly arrived: FileRow[];
  person(organisation?: string, roles?: readonly Role[]): Person;
  /** Lets somebody call who was made elsewhere. */
  admit(person: Person): void;
  /** From now on the person's credentials are no longer good. */
  expire(person: Person): void;
  upload(person: Person, name: string, bytes: Uint8Array, query?: string): Promise<Answer>;
  events(type: string): Promise<{ object_id: string; outcome: string; content: Record<string, unknown> }[]>;
  /** Everything that lies in the blob store. */
  traces(): string[];
  job(): ReturnType<typeof systemContext>;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: FileView & { code: string; place?: Record<string, unknown>; hint?: string };
}

export async function openSite(
  options: { settings?: object; parts?: (parts: TestParts) => Parts; ports?: Partial<FilesPorts> } = {},
): Promise<Site> {
  const parts = await testParts(options.settings ?? {});
  const people = new Map<string, Person>();
  const expired = new Set<string>();
  const authenticate = async (request: { headers: Record<string, unknown> }): Promise<Principal> => {
    const id = request.headers['x-person'];
    if (typeof id !== 'string') return { kind: 'anonymous' };
    if (expired.has(id)) throw new Problem('unauthenticated');
    return people.get(id) ?? { kind: 'anonymous' };
  };
  const given = options.parts?.(parts) ?? parts;
  const arrived: FileRow[] = [];
  const server = await buildApp(given, authenticate);
  mount(server, given, {
    authenticate,
    fileArrived: async (_tx, _context, file) => void arrived.push(file),
    holder: async () => undefined,
    ...options.ports,
  });
  return {
    parts,
    server,
    arrived,
    person(organisation = randomUUID(), roles = ['submitter']) {
      const id = randomUUID();
      const person: Person = {
        kind: 'person',
        id,
        organisation,
        roles,
        clearance: openLabel,
        scopes,
        via: { kind: 'token', id: randomUUID() },
      };
      people.set(id, person);
      return person;
    },
    admit: (person) => void people.set(person.id, person),
    expire: (person) => void expired.add(person.id),
    async upload(person, name, bytes, query = '') {
      const reply = await server.inject({
        method: 'PUT',
        url: `/api/v1/files/${encodeURIComponent(name)}${query}`,
        headers: { 'x-person': person.id, 'content-type': 'application/octet-stream' },
        payload: Buffer.from(bytes),
      });
      return { status: reply.statusCode, body: reply.json() };
    },
    async events(type) {
      const { rows } = await sql<{ object_id: string; outcome: string; content: Record<string, unknown> }>`
        select object_id, outcome, content from audit_event where type = ${type} order by seq`.execute(parts.pool.db);
      return rows;
    },
    traces: () => {
      const root = join(parts.config.data, 'blobs');
      return readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
    },
    job: () =>
      systemContext({ db: parts.pool.db, log: parts.log, now: parts.now, name: 'files.test', requestId: 'test' }),
    async close() {
      await server.close();
      await parts.close();
    },
  };
}

const dataFolder = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));

/** Whether the real data are here; in CI they must be. */
export function haveData(): boolean {
  if (existsSync(dataFolder)) return true;
  if (process.env['CI'] === 'true') throw new Error(`the real data are missing: ${dataFolder}`);
  console.warn(`skipped: no real data in ${dataFolder}`);
  return false;
}

export const dataFile = (path: string): Buffer => readFileSync(join(dataFolder, path));

export const fastq = (reads: number, name = 'read'): Buffer =>
  Buffer.from(Array.from({ length: reads }, (_, at) => `@${name}${at + 1}\nACGTACGTAC\n+\nIIIIIIIIII\n`).join(''));
