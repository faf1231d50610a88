import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startEmbedded } from '../server/src/platform/postgres/embedded.ts';
import { createLog } from '../server/src/platform/log.ts';
import { startServer, temporaryData, type RunningServer } from '../scripts/server.ts';

let data: string;
const running: RunningServer[] = [];
beforeEach(() => {
  data = temporaryData('e2e');
});
afterEach(async () => {
  for (const server of running.splice(0))
    if (server.process.exitCode === null && server.process.signalCode === null) await server.stop();
  rmSync(data, { recursive: true, force: true });
});

async function start(settings: Record<string, string> = {}): Promise<RunningServer> {
  const server = await startServer(data, settings);
  running.push(server);
  return server;
}

/** Process number of the database that stands behind a data directory. */
function databasePid(): number {
  const { cluster } = JSON.parse(readFileSync(join(data, 'postgres.json'), 'utf8')) as { cluster: string };
  return Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
}

const ready = async (server: RunningServer): Promise<boolean> => (await fetch(`${server.address}/ready`)).ok;

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('it did not come to hold within a minute');
}

it('lets one server have a data directory and says who has it', async () => {
  const first = await start();
  const second = spawnSync(process.execPath, ['server/src/main.ts', 'serve'], {
    env: { PATH: process.env['PATH'], GENEWARD_DATA: data, GENEWARD_HTTP_PORT: '0' },
    encoding: 'utf8',
  });
  expect(second.status).toBe(1);
  expect(second.stderr).toContain(String(first.process.pid));
  expect(second.stderr).not.toContain('    at ');
  expect(await ready(first)).toBe(true);
});

it('starts again after kill -9, with the database that was left running', async () => {
  const first = await start();
  const orphan = databasePid();
  first.process.kill('SIGKILL');
  await until(async () => first.process.signalCode === 'SIGKILL');
  expect(() => process.kill(orphan, 0)).not.toThrow();
  const second = await start();
  expect(await ready(second)).toBe(true);
  expect(databasePid()).not.toBe(orphan);
});

it('brings a killed database back and answers with a coded problem meanwhile', async () => {
  const server = await start();
  const before = databasePid();
  const answers = new Set<unknown>();
  process.kill(before, 'SIGKILL');
  // It is back so soon that a probe may never see it gone: what every request is told on the way is what counts.
  await until(async () => {
    const answer = await statistics(server);
    answers.add(answer);
    return databaseIsNew(before) && answer === 'ok';
  });
  expect([...answers].filter((answer) => answer !== 'ok' && answer !== 'database_unavailable')).toEqual([]);
  await until(() => ready(server));
  expect(server.process.exitCode).toBeNull();
});

/** "ok", or the code of the problem that the server answers with. */
async function statistics(server: RunningServer): Promise<unknown> {
  const answer = await fetch(`${server.address}/api/v1/catalog/statistics`);
  const body = (await answer.json()) as { code?: string };
  return answer.ok ? 'ok' : body.code;
}

function databaseIsNew(before: number): boolean {
  try {
    return databasePid() !== before;
  } catch {
    return false;
  }
}

it('waits for a database that is away for a minute, and goes on', async () => {
  const elsewhere = temporaryData('elsewhere');
  const log = createLog({ level: 'silent' });
  let database = await startEmbedded(elsewhere, { port: 0, log });
  const port = Number(new URL(database.url).port);
  try {
    const server = await start({ DATABASE_URL: database.url, GENEWARD_DATABASE_OWNER_URL: database.ownerUrl });
    await database.stop();
    await until(async () => !(await ready(server)));
    const refused = await fetch(`${server.address}/api/v1/catalog/statistics`, {
      headers: { 'accept-language': 'zh' },
    });
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ code: 'database_unavailable', retryAfter: 5 });
    await new Promise((done) => setTimeout(done, 60_000));
    expect(server.process.exitCode).toBeNull();
    database = await startEmbedded(elsewhere, { port, log });
    await until(() => ready(server));
    expect((await fetch(`${server.address}/api/v1/catalog/statistics`)).status).toBe(200);
  } finally {
    for (const server of running.splice(0)) await server.stop();
    await database.stop();
    rmSync(elsewhere, { recursive: true, force: true });
  }
});

it('says which setting is wrong without a stack', () => {
  const wrong = spawnSync(process.execPath, ['server/src/main.ts', 'serve'], {
    env: { PATH: process.env['PATH'], GENEWARD_HTTP_PROT: '1', GENEWARD_LOG_LEVEL: 'loud' },
    encoding: 'utf8',
  });
  expect(wrong.status).toBe(1);
  expect(wrong.stderr).toContain('GENEWARD_HTTP_PROT');
  expect(wrong.stderr).toContain('log.level');
  expect(wrong.stderr).not.toContain('    at ');
});
