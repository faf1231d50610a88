import type { Context } from '../../../platform/context.ts';
import type { JobHandlersFor, Schedule } from '../../../platform/jobs.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { getFile, getReport, openInbox, type FilesPorts } from '../../files/index.ts';
import { readDropFolders, type DropFolder } from '../../../platform/drop-folders.ts';
import { actingPerson } from '../../identity/index.ts';
import { folderFault, wholeFiles } from './look.ts';
import { notesOf } from './notes.ts';
import { takeFile, type Taker } from './take.ts';

declare module '../../../platform/jobs.ts' {
  interface Jobs {
    'inbox.drop': object;
  }
}

export type DropPorts = Pick<FilesPorts, 'fileArrived' | 'holder'>;

/** Takes what lies whole in the watched folders; one job at a time, whichever process runs it. */
export function jobs(parts: Parts, ports: DropPorts) {
  return {
    'inbox.drop': (_payload, context) => takeAll(context, parts, ports),
  } satisfies JobHandlersFor<'inbox.drop'>;
}

export const schedules: readonly Schedule[] = [{ name: 'inbox.drop', cron: '* * * * *' }];

/** One look into every folder. A folder or file at fault does not keep the others waiting. */
export async function takeAll(context: Context, parts: Parts, ports: DropPorts): Promise<void> {
  const failed: unknown[] = [];
  for (const folder of readDropFolders(parts.config.drop.folders)) {
    try {
      await takeFrom(folder, context, parts, ports);
    } catch (error) {
      failed.push(error);
    }
  }
  if (failed.length > 0) throw failed[0];
}

async function takeFrom({ email, path }: DropFolder, job: Context, parts: Parts, ports: DropPorts): Promise<void> {
  const fault = folderFault(path);
  if (fault !== undefined) return job.log.warn({ folder: path, fault }, 'a watched folder is passed over');
  const whole = wholeFiles(path, parts.config.drop.settleSeconds, job.now());
  notesOf(path).sweep();
  if (whole.length === 0) return;
  const authenticate = async () => {
    const principal = await actingPerson(parts, email, { kind: 'drop_folder', id: path });
    if (principal) return principal;
    throw new Problem('unauthenticated');
  };
  const principal = await authenticate().catch(() => undefined);
  if (!principal) return job.log.warn({ folder: path, email }, 'a watched folder is of nobody who may send');
  const context = { ...job, principal };
  const taker: Taker = {
    context,
    authenticate,
    inbox: openInbox(parts, ports),
    outcome: async (id) => ({
      file: await getFile(context, id, ports),
      en: await getReport({ ...context, language: 'en' }, id, ports),
      zh: await getReport({ ...context, language: 'zh' }, id, ports),
    }),
  };
  for (const dropped of whole)
    if (!(await takeFile(path, dropped, taker)))
      job.log.info({ folder: path, file: dropped.name }, 'a dropped file stays for another try');
}
