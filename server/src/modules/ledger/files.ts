import { parseTilePath } from '@geneward/merkle';
import type { BlobStore } from '../../platform/blobs.ts';
import type { Db } from '../../platform/db.ts';
import type { Server } from '../../platform/http.ts';
import { Problem } from '../../platform/problem.ts';
import * as store from './store.ts';
import { readBlob } from './tiles.ts';

/** Where the log's files are served: the prefix of C2SP tlog-tiles. */
const prefix = '/log';

/** The checkpoint, which changes, and tiles and bundles, which never do. Anybody may read them: they tell no more than how often. */
export function mountFiles(server: Server, { db, blobs }: { db: Db; blobs: BlobStore }): void {
  server.get(`${prefix}/checkpoint`, async (_request, reply) => {
    const row = await store.newestCheckpoint(db);
    if (!row) throw new Problem('not_found');
    return reply
      .type('text/plain; charset=utf-8')
      .headers({ 'cache-control': 'public, max-age=1', 'access-control-allow-origin': '*' })
      .send(row.note);
  });
  server.get<{ Params: { '*': string } }>(`${prefix}/tile/*`, async (request, reply) => {
    const path = `tile/${request.params['*']}`;
    try {
      parseTilePath(path);
    } catch (cause) {
      throw new Problem('not_found', { cause });
    }
    return reply
      .type('application/octet-stream')
      .headers({ 'cache-control': 'public, max-age=31536000, immutable', 'access-control-allow-origin': '*' })
      .send(await readBlob(blobs, path));
  });
}
