import { randomUUID } from 'node:crypto';
import { contract, openApi, problems } from '@geneward/api';
import manifest from '../package.json' with { type: 'json' };
import { buildApp } from './app.ts';
import {
  authenticate,
  bootstrapLink,
  jobHandlers,
  mountModules,
  notePolicies,
  recover,
  runLedger,
  schedules,
  startSftp,
} from './modules/index.ts';
import { record } from './platform/audit.ts';
import { ConfigError, readConfig, type Config } from './platform/config.ts';
import { systemContext } from './platform/context.ts';
import { outlast, transaction } from './platform/db.ts';
import { enqueue, startWorker, type Worker } from './platform/jobs.ts';
import { mountPages } from './platform/pages.ts';
import { startParts, type Started } from './platform/start.ts';
import { closeServer } from './platform/stop.ts';
import { mountReference } from './reference.ts';

const { version } = manifest;

const usage = `usage: geneward-server <role>
  serve    answer requests (and run jobs, unless work.inline is false)
  work     run jobs only; any number of processes may
  sftp     open the SFTP inbox only, at sftp.port; serve opens it too
  migrate  bring the database to this version and end
  rotate-keys  add a version of the storage key; the workers put every header under it
  recover-ledger [--from MIRROR]  after an old backup was restored: let the log go on where it was, without what the backup
           lacks; from the copy at a mirror's address when the log's own files are lost as well
`;

/** Roles that do one thing and end. */
const tools = { 'rotate-keys': rotateKeys, 'recover-ledger': recoverLedger };

try {
  const role = process.argv[2];
  if (
    role !== 'serve' &&
    role !== 'work' &&
    role !== 'sftp' &&
    role !== 'migrate' &&
    role !== 'rotate-keys' &&
    role !== 'recover-ledger'
  ) {
    process.stderr.write(usage);
    process.exitCode = 2;
  } else {
    await run(role, readConfig(process.env, process.cwd()));
  }
} catch (error) {
  // A wrong setting or a busy directory is the operator's to mend: the message says how, without a stack.
  const expected = error instanceof ConfigError || (error instanceof Error && 'code' in error);
  process.stderr.write(
    `${expected && error instanceof Error ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exitCode = 1;
}

/** Roles that go on until they are stopped. */
type Running = 'serve' | 'work' | 'sftp';

async function run(role: Running | 'migrate' | keyof typeof tools, config: Config): Promise<void> {
  const parts = await startParts(config, role === 'recover-ledger' ? 'migrate' : role);
  if (role === 'migrate') return parts.stop();
  if (role === 'rotate-keys' || role === 'recover-ledger') {
    try {
      return await tools[role](parts);
    } finally {
      await parts.stop();
    }
  }
  const ends: (() => Promise<void>)[] = [];
  const stopping = new AbortController();
  const starting = start(role, parts, ends, stopping.signal);
  let stopped: Promise<void> | undefined;
  // Requests end first, then jobs, then the database that both stand on.
  const stop = () =>
    (stopped ??= (async () => {
      stopping.abort();
      await starting.then(
        () => tellStopped(role, parts),
        () => undefined,
      );
      for (const end of ends) await end();
      await parts.stop();
    })());
  stopOnSignal(parts, stop);
  try {
    await starting;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** That a process ends is an act, which the ledger of this process places before it ends itself. A lost database is not waited for. */
async function tellStopped(role: Running, { pool, log, now }: Started): Promise<void> {
  const context = systemContext({ db: pool.db, log, now, name: role, requestId: randomUUID() });
  const told = record(pool.db, context, { type: 'platform.stopped', content: { role } }).catch((error: unknown) => {
    log.warn({ err: error }, 'nobody is told that this process ends');
  });
  await Promise.race([told, new Promise((done) => setTimeout(done, 2000).unref())]);
}

/** A new key version for new objects at once; what older versions have wrapped is put under it by a job. */
async function rotateKeys(parts: Started): Promise<void> {
  const { suite, holder } = parts.config.keys;
  const version = await parts.keys.rotate(suite);
  const { pool, log, now } = parts;
  await transaction(pool.db, async (tx) => {
    const context = systemContext({ db: tx, log, now, name: 'rotate-keys', requestId: randomUUID() });
    await record(tx, context, { type: 'platform.keys_rotated', content: { suite, version, holder } });
    await enqueue(tx, 'platform.rewrap', {}, { key: 'platform.rewrap' });
  });
  log.info({ suite, version, holder }, 'storage key rotated');
}

/** The way out after a restored backup; says what was lost. */
async function recoverLedger(parts: Started): Promise<void> {
  const { pool, log, now } = parts;
  const context = systemContext({ db: pool.db, log, now, name: 'recover-ledger', requestId: randomUUID() });
  const from = process.argv.indexOf('--from');
  const recovery = await recover(parts, context, from < 0 ? undefined : process.argv[from + 1]);
  process.stdout.write(
    `${JSON.stringify(recovery, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}\n`,
  );
  if (!recovery.done) process.exitCode = 1;
}

/** Starts what a role does; the way to end each part is noted as soon as it began. A database lost on the way is waited for. */
async function start(role: Running, parts: Started, ends: (() => Promise<void>)[], signal: AbortSignal): Promise<void> {
  const { pool, log, now } = parts;
  const context = systemContext({ db: pool.db, log, now, name: role, requestId: randomUUID() });
  await outlast(() => record(pool.db, context, { type: 'platform.started', content: { version, role } }), signal);
  await outlast(() => notePolicies(context), signal);
  if (role === 'serve') await serve(parts, ends, signal);
  if (role === 'sftp' || (role === 'serve' && parts.config.sftp.port !== undefined)) {
    const sftp = await startSftp(parts);
    ends.unshift(() => sftp.stop());
  }
  if (role === 'work' || (role === 'serve' && parts.config.work.inline)) {
    const worker = await outlast(() => work(parts), signal);
    ends.push(() => worker.stop());
    const ledger = await outlast(() => runLedger(parts), signal);
    ends.push(() => ledger.stop());
    parts.log.info('running jobs');
  }
}

async function serve(parts: Started, ends: (() => Promise<void>)[], signal: AbortSignal): Promise<void> {
  const { host, port, publicUrl, stopSeconds } = parts.config.http;
  const server = await buildApp(parts, authenticate(parts));
  mountModules(server, parts);
  await mountReference(server, openApi(contract, problems, version));
  await mountPages(server);
  ends.push(() => closeServer(server, stopSeconds));
  const address = await server.listen({ host, port });
  const at = publicUrl ?? address;
  const link = await outlast(() => bootstrapLink(parts, at), signal);
  if (link)
    process.stdout.write(
      `\nFirst start: make the first administrator here (once). 首次启动，请在此创建首位管理员：\n  ${link}\n\n`,
    );
  parts.log.info({ address: at }, 'ready');
}

function work(parts: Started): Promise<Worker> {
  return startWorker({
    pool: parts.pool.pg,
    db: parts.pool.db,
    handlers: jobHandlers(parts),
    schedules,
    concurrency: parts.config.work.concurrency,
    log: parts.log,
    context: (name, requestId) =>
      systemContext({ db: parts.pool.db, log: parts.log, now: parts.now, name, requestId: requestId || randomUUID() }),
    onDone: (job, seconds, ok) => parts.metrics.job.observe({ job, outcome: ok ? 'done' : 'failed' }, seconds),
  });
}

function stopOnSignal(parts: Started, stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(130);
      stopping = true;
      parts.log.info({ signal }, 'stopping: requests and jobs under way are finished first');
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          parts.log.error({ err: error }, 'stop failed');
          process.exit(1);
        },
      );
    });
  }
}
