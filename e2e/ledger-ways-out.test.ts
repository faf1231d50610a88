import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  accessRoutes,
  createClient,
  ledgerRoutes,
  submissionRoutes,
  type Client,
  type LedgerStatus,
} from '@geneward/api';
import { afterAll, expect, it } from 'vitest';
import { bootstrapLinkIn, firstPeople } from '../scripts/installation.ts';
import { root } from '../scripts/process.ts';
import { startServer, temporaryData, type RunningServer } from '../scripts/server.ts';

const data = temporaryData('ways-out');
let server: RunningServer | undefined;
afterAll(async () => {
  await server?.stop();
  rmSync(data, { recursive: true, force: true });
});

async function start(): Promise<Client> {
  server = await startServer(data);
  return createClient({ baseUrl: server.address });
}
async function stop(): Promise<void> {
  await server?.stop();
  server = undefined;
}

/** A role that does one thing and ends, as an operator runs it. */
function tool(role: string): { status: number | null; out: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'server/src/main.ts'), role], {
    env: { PATH: process.env['PATH'], GENEWARD_DATA: data },
    encoding: 'utf8',
  });
  return { status, out: `${stdout}${stderr}` };
}

const status = (client: Client): Promise<LedgerStatus> => client.call(ledgerRoutes.ledgerStatus, {});
async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((done) => setTimeout(done, 200));
  }
}

it('comes back from a restored backup by the documented command, and tells of its own starts, stops and keys', async () => {
  let client = await start();
  const people = await firstPeople(
    server?.address ?? '',
    bootstrapLinkIn(server?.output() ?? ''),
    'a long enough passphrase',
  );
  const sender = await people.invite({ email: 'sender@example.org', name: '李', roles: ['submitter'] });
  const auditor = await people.invite({ email: 'auditor@example.org', name: '王', roles: ['auditor'] });
  expect(tool('rotate-keys')).toMatchObject({ status: 0 });
  await stop();

  const { cluster } = JSON.parse(readFileSync(join(data, 'postgres.json'), 'utf8')) as { cluster: string };
  const backup = join(data, 'backup');
  execFileSync('cp', ['-a', cluster, backup]);
  client = await start();
  for (let n = 0; n < 5; n += 1)
    await createClient({ baseUrl: server?.address ?? '', token: sender.token }).call(
      submissionRoutes.createSubmission,
      {
        body: { title: `Lost ${n}` },
      },
    );
  await until(async () => ((await status(client)).waiting === 0 ? true : undefined));
  await stop();
  rmSync(cluster, { recursive: true });
  execFileSync('cp', ['-a', backup, cluster]);

  client = await start();
  const { alarm } = await until(async () => {
    const told = await status(client);
    return told.alarm ? told : undefined;
  });
  expect(alarm).toMatchObject({ code: 'rolled_back', missing: { types: { 'submission.created': 5 } } });
  await stop();
  const recovered = tool('recover-ledger');
  expect(recovered).toMatchObject({ status: 0 });

  client = await start();
  const size = BigInt(alarm?.missing?.to ?? 0);
  await until(async () => {
    const told = await status(client);
    return !told.alarm && BigInt(told.signed) > size ? true : undefined;
  });
  const { items } = await createClient({ baseUrl: server?.address ?? '', token: auditor.token }).call(
    accessRoutes.audit,
    {
      query: { limit: 200 },
    },
  );
  const types = items.map(({ type }) => type);
  for (const type of [
    'platform.migrated',
    'platform.started',
    'platform.stopped',
    'platform.keys_rotated',
    'ledger.recovered',
  ])
    expect(types).toContain(type);
});
