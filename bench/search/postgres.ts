import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { facetNames, searchQuery } from '@geneward/api';
import type { CatalogPorts, IndexedObject } from '../../server/src/modules/catalog/index.ts';
import { facetValuesOf, packFacets } from '../../server/src/modules/catalog/facets.ts';
import { rowOf } from '../../server/src/modules/catalog/row.ts';
import { countAll } from '../../server/src/modules/catalog/service/count.ts';
import { search } from '../../server/src/modules/catalog/service/search.ts';
import { recountWords } from '../../server/src/modules/catalog/store-index.ts';
import type { Context } from '../../server/src/platform/context.ts';
import { openPool, transaction, type Db } from '../../server/src/platform/db.ts';
import { createLog } from '../../server/src/platform/log.ts';
import { migrate, readMigrations } from '../../server/src/platform/migrate.ts';
import { startEmbedded } from '../../server/src/platform/postgres/embedded.ts';

const log = createLog({ level: 'warn' });

/** The catalogue on an embedded PostgreSQL of its own, as `serve` starts it. */
export async function startCatalogue(folder: string) {
  const server = await startEmbedded(join(folder, 'data'), { port: 0, log });
  await migrate(server.ownerUrl, readMigrations(new URL('../../server/migrations', import.meta.url)));
  const pool = openPool(server.url, { size: 8, onError: () => undefined });
  return {
    fill: (objects: Iterable<IndexedObject>) => fill(server.ownerUrl, pool.db, objects),
    /** The use case behind `GET /catalog/search`, as somebody who is not signed in. */
    ask: ({ q, ticked }: { q: string; ticked: object }) =>
      search(contextOf(pool.db), ports, searchQuery.parse({ q, ...ticked })),
    async stop() {
      await pool.close();
      await server.stop();
    },
  };
}

const contextOf = (db: Db): Context => ({
  db,
  principal: { kind: 'anonymous' },
  requestId: randomUUID(),
  language: 'en',
  now: () => new Date(),
  log,
});

const absent = async (): Promise<never> => {
  throw new Error('the benchmark searches; it reads no object');
};
const ports: CatalogPorts = {
  objectsToIndex: absent,
  objectIds: absent,
  dependents: absent,
  readObject: absent,
  objectGraph: absent,
  organisationNames: async (_db, ids) => new Map(ids.map((id) => [id, { en: id, zh: id }])),
};

/** Writes the rows that indexing would write, many at a time, and then the indexes, the sample and the counts. */
async function fill(ownerUrl: string, db: Db, objects: Iterable<IndexedObject>): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  const indexes = await client.query<{ indexname: string; indexdef: string }>(
    `select indexname, indexdef from pg_indexes where tablename = 'catalog_entry' and indexname not like '%pkey'`,
  );
  for (const { indexname } of indexes.rows) await client.query(`drop index ${indexname}`);
  const codes = new Map<string, number>();
  const columns = Object.keys(rowOf(objects[Symbol.iterator]().next().value as IndexedObject, new Date()));
  const copy = client.query(copyFrom(`copy catalog_entry (${columns.join(', ')}, facets) from stdin`));
  await pipeline(Readable.from(lines(objects, codes), { objectMode: true }), copy);
  await client.query(
    `insert into catalog_value (code, facet, value) overriding system value
     select code, facet, value from jsonb_to_recordset($1::jsonb) as v(code int, facet text, value text)`,
    [JSON.stringify([...codes].map(([key, code]) => ({ code, facet: key.split('\0')[0], value: key.split('\0')[1] })))],
  );
  await client.query(`set maintenance_work_mem = '512MB'; set max_parallel_maintenance_workers = 0`);
  for (const { indexdef } of indexes.rows) await client.query(indexdef);
  await client.query('insert into catalog_sample select * from catalog_entry where dice = 0');
  await client.end();
  await transaction(db, async (tx) => recountWords(tx));
  await countAll(contextOf(db), { force: true });
  const after = new pg.Client({ connectionString: ownerUrl });
  await after.connect();
  await after.query('vacuum analyze catalog_entry');
  await after.query('vacuum analyze catalog_sample');
  await after.query('vacuum analyze catalog_word');
  await after.query('checkpoint');
  await after.end();
}

function* lines(objects: Iterable<IndexedObject>, codes: Map<string, number>): Generator<string> {
  const codeOf = (facet: string, value: string | null) => {
    if (value === null) return 0;
    const key = `${facet}\0${value}`;
    const code = codes.get(key) ?? codes.size + 1;
    codes.set(key, code);
    return code;
  };
  const now = new Date();
  let chunk = '';
  for (const object of objects) {
    const row = rowOf(object, now);
    const facets = packFacets(facetValuesOf(row).map((value, i) => codeOf(facetNames[i] ?? '', value)));
    chunk += `${[...Object.values(row), `\\x${facets.toString('hex')}`].map(cell).join('\t')}\n`;
    if (chunk.length > 1 << 18) {
      yield chunk;
      chunk = '';
    }
  }
  yield chunk;
}

function cell(value: string | number | boolean | readonly string[] | null): string {
  if (value === null) return '\\N';
  const text = typeof value === 'object' ? `{${value.join(',')}}` : String(value);
  return text.replaceAll(/[\\\t\n\r]/g, (c) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' })[c] ?? c);
}
