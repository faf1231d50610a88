import type { AccessManner, Label } from '@geneward/api';
import { openLabel } from '@geneward/api';
import type { ArchiveRecord } from '@geneward/metadata';
import { buildApp } from '../src/app.ts';
import { authenticate } from '../src/modules/identity/index.ts';
import type { Archive } from '../src/modules/submission/archive.ts';
import { contentOf } from '../src/modules/submission/content.ts';
import '../src/modules/submission/index.ts';
import { bindReview } from '../src/modules/submission/routes-review.ts';
import { insertObjects, writeVersions } from '../src/modules/submission/store-entries.ts';
import { insertSubmission, updateSubmission } from '../src/modules/submission/store.ts';
import { transaction } from '../src/platform/db.ts';
import type { Server } from '../src/platform/http.ts';
import type { Parts } from '../src/platform/parts.ts';
import type { TestPerson } from './builders.ts';

export interface Study {
  readonly submission: string;
  /** Alias to object id. */
  readonly ids: ReadonlyMap<string, string>;
}

const base = { attributes: {}, references: [], files: [], place: {} } as const;

/** Records of a study: one project, and for each sample an experiment and a run. */
export function studyRecords(name: string, samples: number): ArchiveRecord[] {
  const records: ArchiveRecord[] = [{ ...base, type: 'project', alias: `${name}-p`, title: `Study ${name}` }];
  for (let n = 1; n <= samples; n += 1) {
    const project = { relation: 'part_of', type: 'project', target: `${name}-p` } as const;
    const sample = { relation: 'derived_from', type: 'sample', target: `${name}-s${n}` } as const;
    const experiment = { relation: 'part_of', type: 'experiment', target: `${name}-x${n}` } as const;
    records.push(
      {
        ...base,
        type: 'sample',
        alias: `${name}-s${n}`,
        title: `Leaf ${n}`,
        attributes: { tissue: 'leaf', depth: `${n}` },
      },
      { ...base, type: 'experiment', alias: `${name}-x${n}`, references: [project, sample] },
      {
        ...base,
        type: 'run',
        alias: `${name}-r${n}`,
        references: [experiment],
        files: [{ name: `${name}-${n}.fq.gz`, format: 'fastq', md5: `${n}`.padStart(32, '0') }],
      },
    );
  }
  return records;
}

/** Puts records before the curators, as intake and checking leave them. */
export async function inReview(
  parts: Parts,
  by: TestPerson,
  records: readonly ArchiveRecord[],
  given: { manner?: AccessManner; releaseOn?: string; label?: Label; title?: string } = {},
): Promise<Study> {
  const label = given.label ?? openLabel;
  const at = parts.now();
  return transaction(parts.pool.db, async (tx) => {
    const draft = await insertSubmission(tx, {
      organisation_id: by.organisation,
      submitter_id: by.id,
      title: given.title ?? 'A study',
      manner: given.manner ?? 'public',
      use_terms: '',
      release_on: given.releaseOn ?? null,
      at,
    });
    const row = await updateSubmission(tx, draft.id, {
      ...label,
      status: 'in_review',
      submitted_at: at,
      updated_at: at,
    });
    const entries = records.map((record) => ({ ...contentOf(record), label }));
    const ids = await insertObjects(tx, row, entries);
    await writeVersions(
      tx,
      { submission: row.id, submitter: by.id, sheet: null, by: by.id, at, reason: '' },
      entries.map((entry, index) => ({ ...entry, object: ids[index] ?? '', version: 1 })),
    );
    return { submission: row.id, ids: new Map(records.map((record, index) => [record.alias, ids[index] ?? ''])) };
  });
}

/** A server with the routes of review and of objects, and what it told the modules above. */
export async function reviewServer(parts: Parts): Promise<{ server: Server; archive: Archive; told: Set<string> }> {
  const told = new Set<string>();
  const archive: Archive = {
    rules: parts.config.archive,
    objectsChanged: async (_tx, ids) => ids.forEach((id) => told.add(id)),
  };
  const server = await buildApp(parts, authenticate(parts));
  bindReview(server, archive, { name: parts.config.name });
  return { server, archive, told };
}

/** Calls the API as somebody; gives status, parsed body and ETag. */
export const callerOf =
  (server: Server) =>
  async (
    who: TestPerson | undefined,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    body?: object,
    headers: Record<string, string> = {},
  ) => {
    const reply = await server.inject({
      method,
      url: `/api/v1${url}`,
      headers: { ...who?.headers, ...headers },
      ...(body && { payload: body }),
    });
    return {
      status: reply.statusCode,
      body: reply.body === '' ? undefined : reply.json(),
      etag: reply.headers['etag'] ?? '',
    };
  };
