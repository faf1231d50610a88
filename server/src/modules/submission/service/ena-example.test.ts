import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { person, testServer, type TestPerson } from '../../../../test/builders.ts';
import { testParts, type TestParts } from '../../../../test/parts.ts';
import { runJobs } from '../../../../test/run-jobs.ts';
import { senderOf } from '../../../../test/sheets.ts';
import { callerOf } from '../../../../test/studies.ts';
import type { Server } from '../../../platform/http.ts';

const folder = fileURLToPath(new URL('../../../../../../shared/data/ena-example/', import.meta.url));
const present = existsSync(folder);
if (!present && process.env['CI'] === 'true') throw new Error(`the real data are missing: ${folder}`);
if (!present) console.warn(`skipped: no real data in ${folder}`);

describe.runIf(present)('the study of ena-upload-cli, its tables and reads as they are', () => {
  let parts: TestParts;
  let server: Server;
  let submitter: TestPerson;
  beforeAll(async () => {
    parts = await testParts();
    server = await testServer(parts);
    submitter = await person(parts, { roles: ['submitter'] });
  });
  afterAll(async () => {
    await server.close();
    await parts.close();
  });

  it('passes every check and waits for a curator', async () => {
    const call = callerOf(server);
    const send = senderOf(server);
    const { id } = (await call(submitter, 'POST', '/submissions', { title: 'ENA example' })).body;
    for (const table of ['studies', 'samples', 'experiments', 'runs']) {
      const name = `ENA_template_${table}.tsv`;
      const sent = await send(
        submitter,
        `/submissions/${id}/sheets/${name}`,
        readFileSync(`${folder}example_tables/${name}`),
      );
      expect(sent.body).toMatchObject({ name, state: 'read', counts: { errors: 0 } });
    }
    for (const file of ['ENA_TEST1.R1', 'ENA_TEST2.R1', 'ENA_TEST2.R2']) {
      const name = `${file}.fastq.gz`;
      const sent = await send(submitter, `/files/${name}`, readFileSync(`${folder}example_data/${name}`));
      expect(sent.body).toMatchObject({ name, state: 'stored' });
    }
    await call(submitter, 'POST', `/submissions/${id}/submission`);
    await runJobs(parts);
    const errors = (await call(submitter, 'GET', `/submissions/${id}/findings?level=error`)).body.items;
    expect(errors).toEqual([]);
    expect((await call(submitter, 'GET', `/submissions/${id}`)).body).toMatchObject({
      status: 'in_review',
      files: { declared: 3, arrived: 3, faulty: 0 },
    });
  });
});
