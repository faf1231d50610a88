import { readFileSync, rmSync } from 'node:fs';
import { bootstrapLinkIn, firstPeople, type Account } from '../../scripts/installation.ts';
import { startServer, temporaryData, type RunningServer } from '../../scripts/server.ts';

/** A real server with a submitter, for benches that move bytes. */
export interface TransferSite {
  readonly server: RunningServer;
  readonly submitter: Account;
  /** Somebody else who submits: one person may send 32 files at once. */
  readonly colleague: Account;
  close(): Promise<void>;
}

export async function openTransferSite(): Promise<TransferSite> {
  const data = temporaryData('bench');
  const server = await startServer(data, { GENEWARD_LIMITS_REQUESTS_PER_MINUTE: '1000000' });
  const people = await firstPeople(server.address, bootstrapLinkIn(server.output()), 'correct horse battery staple 7');
  const submitter = await people.invite({ email: 'submitter@example.org', name: '提交者', roles: ['submitter'] });
  const colleague = await people.invite({ email: 'colleague@example.org', name: '同事', roles: ['submitter'] });
  return {
    server,
    submitter,
    colleague,
    async close() {
      await server.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Resident memory of a process while something runs, at its highest, above what it was before, in MiB. */
export async function memoryOf<T>(pid: number, work: () => Promise<T>): Promise<{ result: T; grownMiB: number }> {
  const before = residentMiB(pid);
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, residentMiB(pid))), 100);
  try {
    return { result: await work(), grownMiB: Math.round(Math.max(most, residentMiB(pid)) - before) };
  } finally {
    clearInterval(watch);
  }
}

function residentMiB(pid: number): number {
  const [, pages = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
  return (Number(pages) * 4096) / 2 ** 20;
}
