import { randomUUID } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { filesRoutes, reviewRoutes, submissionRoutes, type Client, type Submission } from '@geneward/api';
import type { StudyFolder } from './study.ts';

const tables = ['project', 'sample', 'experiment', 'run'] as const;

/** Each step of the way of a study as a program takes it; every one may be repeated after a lost answer. */
export interface Way {
  open(): Promise<string>;
  sheets(id: string): Promise<void>;
  uploads(): Promise<void>;
  submit(id: string): Promise<void>;
  accept(id: string): Promise<string[]>;
}

/** The way of one study: the keys of its creations are drawn once, so a repeated step is the same request. */
export function wayOf(study: StudyFolder, title: string, submitter: () => Client, curator: () => Client): Way {
  const keys = { open: randomUUID() };
  return {
    async open() {
      const made = await submitter().call(submissionRoutes.createSubmission, {
        body: { title },
        idempotencyKey: keys.open,
      });
      return made.id;
    },
    async sheets(id) {
      for (const table of tables) {
        await submitter().raw(submissionRoutes.putSheet, {
          params: { submission: id, sheet: `${table}.tsv` },
          body: readFileSync(join(study.folder, `${table}.tsv`)),
          headers: { 'content-type': 'text/tab-separated-values' },
        });
      }
    },
    async uploads() {
      for (const name of study.files) {
        const body = Readable.toWeb(createReadStream(join(study.folder, name))) as ReadableStream;
        await submitter().raw(filesRoutes.uploadFile, {
          params: { name },
          body,
          headers: { 'content-type': 'application/octet-stream' },
        });
      }
    },
    async submit(id) {
      const now = await status(submitter(), id);
      if (now.status === 'draft' || now.status === 'returned')
        await submitter().call(submissionRoutes.submitSubmission, { params: { submission: id } });
      const checked = await until(submitter(), id, (it) => it.status !== 'checking');
      if (checked.status !== 'in_review' && checked.status !== 'accepted')
        throw new Error(`the study went to ${checked.status}: ${JSON.stringify(checked.counts)}`);
    },
    async accept(id) {
      const params = { submission: id };
      const now = await curator().call(reviewRoutes.getReview, { params });
      if (now.status === 'accepted') return [];
      const done = await curator().call(reviewRoutes.acceptSubmission, {
        params,
        body: {},
        ifMatch: String(now.version),
        idempotencyKey: randomUUID(),
      });
      return done.accessions.map((range) => `${range.first}..${range.last}`);
    },
  };
}

const status = (client: Client, id: string): Promise<Submission> =>
  client.call(submissionRoutes.getSubmission, { params: { submission: id } });

/** Asks until a submission is as wanted, for two minutes at most. */
export async function until(client: Client, id: string, wanted: (it: Submission) => boolean): Promise<Submission> {
  for (let tries = 0; tries < 600; tries += 1) {
    const now = await status(client, id);
    if (wanted(now)) return now;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`submission ${id} did not get on`);
}
