import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { openLabel, type ReplyOf, type referenceRoutes } from '@geneward/api';
import { readDeletedTaxa, readMergedTaxa, readTaxonNames, readTaxonNodes, TaxdumpProblem } from '@geneward/metadata';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { sqlState, transaction, type Db } from '../../../platform/db.ts';
import { enqueue } from '../../../platform/jobs.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { authorize } from '../../access/index.ts';
import { arriving } from '../../files/index.ts';
import * as store from '../store-taxon.ts';
import { readTar, TarProblem } from '../tar.ts';
import { nameKinds } from '../taxonomy.ts';
import { getTaxonomy } from './taxa.ts';

type Needs = Pick<Parts, 'blobs' | 'config'>;

/** NCBI's own has 70 million bytes in 2026. */
const dumpBytes = 1024n ** 3n;
const rowsAtOnce = 5000;

/** Keeps a dump; a job loads it beside the taxonomy that is in use. */
export async function receiveTaxonomy(
  context: Context,
  { blobs, config }: Needs,
  bytes: Readable,
): Promise<ReplyOf<typeof referenceRoutes.loadTaxonomy>> {
  authorize(context, 'installation:configure', { kind: 'installation', id: 'installation', label: openLabel });
  const key = `taxdumps/${randomUUID()}`;
  const hash = createHash('sha256');
  async function* hashed() {
    const limits = { idleSeconds: config.http.uploadIdleSeconds, limit: dumpBytes, onBytes: () => undefined };
    for await (const chunk of arriving(bytes, limits)) {
      hash.update(chunk);
      yield chunk;
    }
  }
  const { size } = await blobs.put(key, hashed()).catch((error: unknown) => {
    if (error instanceof Problem && error.code === 'file_too_large')
      throw new Problem('taxdump_too_large', { params: { limit: String(dumpBytes) } });
    throw error;
  });
  const sha256 = hash.digest('hex');
  await transaction(context.db, async (tx) => {
    const release = await store.insertRelease(tx, { sha256, blob_key: key, received_at: context.now() });
    await record(tx, context, { type: 'reference.taxonomy_received', content: { sha256, size: String(size) } });
    await enqueue(tx, 'reference.load_taxonomy', { release }, { queue: 'taxonomy' });
  });
  return getTaxonomy(context);
}

/** The job: writes the taxa of a dump, puts them in use at one stroke, and removes those before. It may be run again. */
export async function loadTaxonomy(context: Context, { blobs }: Needs, id: number): Promise<void> {
  const release = await store.findRelease(context.db, id);
  if (release?.state === 'loading') {
    await store.clearRelease(context.db, id);
    try {
      const counts = await load(context.db, id, await blobs.open(release.blob_key));
      await transaction(context.db, async (tx) => {
        await store.useRelease(tx, id, counts, context.now());
        await record(tx, context, {
          type: 'reference.taxonomy_loaded',
          content: { sha256: release.sha256, ...counts },
        });
      });
    } catch (error) {
      const reason = faultOf(error);
      if (reason === undefined) throw error;
      await transaction(context.db, async (tx) => {
        await store.failRelease(tx, id, reason);
        await record(tx, context, {
          type: 'reference.taxonomy_failed',
          outcome: 'failed',
          content: { sha256: release.sha256, reason },
        });
      });
    }
    await blobs.delete(release.blob_key);
  }
  for (const old of await store.oldReleases(context.db)) await store.clearRelease(context.db, old);
}

/** Why a dump cannot be loaded, however often it is tried. */
function faultOf(error: unknown): string | undefined {
  if (error instanceof TaxdumpProblem || error instanceof TarProblem) return error.message;
  if (error instanceof RangeError) return error.message;
  return sqlState(error).startsWith('Z_') ? 'the gzip stream is damaged' : undefined;
}

async function load(
  db: Db,
  release: number,
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ taxa: number; names: number }> {
  const counts = { taxa: 0, names: 0 };
  await pipeline(Readable.from(bytes), createGunzip(), async (tar: AsyncIterable<Uint8Array>) => {
    for await (const { name, bytes: file } of readTar(tar)) await loadFile(db, release, name, linesOf(file), counts);
  });
  if (counts.taxa === 0 || counts.names === 0)
    throw new TaxdumpProblem('empty', counts.taxa === 0 ? 'nodes.dmp' : 'names.dmp', 0, 'not in the archive');
  return counts;
}

/** Writes one file of the dump; the ones about genetic codes, divisions and literature are passed over. */
async function loadFile(
  db: Db,
  release: number,
  name: string,
  lines: AsyncIterable<string>,
  counts: { taxa: number; names: number },
): Promise<void> {
  switch (name) {
    case 'nodes.dmp':
      counts.taxa = await inBatches(
        readTaxonNodes(lines),
        (row) => row,
        (rows) => store.addTaxa(db, release, rows),
      );
      break;
    case 'names.dmp':
      counts.names = await inBatches(
        readTaxonNames(lines),
        ({ id, name: text, kind }) => ({ id, name: text, kind: nameKinds.indexOf(kind) }),
        (rows) => store.addNames(db, release, rows),
      );
      break;
    case 'merged.dmp':
      await inBatches(
        readMergedTaxa(lines),
        ({ from, into }) => ({ id: from, into }),
        (rows) => store.addPast(db, release, rows),
      );
      break;
    case 'delnodes.dmp':
      await inBatches(
        readDeletedTaxa(lines),
        (id) => ({ id, into: null }),
        (rows) => store.addPast(db, release, rows),
      );
      break;
  }
}

async function inBatches<T, Row>(
  items: AsyncIterable<T>,
  rowOf: (item: T) => Row,
  write: (rows: readonly Row[]) => Promise<void>,
): Promise<number> {
  let count = 0;
  let waiting: Row[] = [];
  for await (const item of items) {
    waiting.push(rowOf(item));
    count += 1;
    if (waiting.length < rowsAtOnce) continue;
    await write(waiting);
    waiting = [];
  }
  if (waiting.length > 0) await write(waiting);
  return count;
}

/** Longest line that is looked for; a file without line ends is no dump. */
const longestLine = 1_000_000;

async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) throw new TarProblem('a line has no end');
    yield* lines;
  }
  if (rest !== '') yield rest;
}
