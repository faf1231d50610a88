import { constants, mkdirSync, renameSync, rmSync, writeFileSync, lstatSync, type BigIntStats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { UploadView } from '@geneward/api';
import type { Context, Principal } from '../../../platform/context.ts';
import { asProblem } from '../../../platform/db.ts';
import { Problem } from '../../../platform/problem.ts';
import { tellRefusal } from '../../../platform/tell-refusal.ts';
import type { Inbox } from '../../files/index.ts';
import { ours, type Dropped } from './look.ts';
import { notesOf } from './notes.ts';
import { refusedReport, takenReport, type Outcome } from './report.ts';

/** In whose name files are taken, and what they are taken with. */
export interface Taker {
  readonly context: Context;
  readonly inbox: Inbox;
  readonly authenticate: () => Promise<Principal>;
  /** What the check of a file found, in both languages. */
  readonly outcome: (file: string) => Promise<Outcome>;
}

/** Refusals that another try may change: the file stays where it is. */
const passing: ReadonlySet<string> = new Set([
  'storage_full',
  'storage_unavailable',
  'database_unavailable',
  'keys_unavailable',
  'upload_in_progress',
  'upload_taken',
  'upload_broken',
  'upload_stalled',
  'too_many_uploads',
  'too_many_open_uploads',
  'drop_changed',
  'unauthenticated',
]);

/**
 * Takes a file of a folder into the inbox and moves it to `taken` or `refused`, with a report beside it. May be killed at any
 * place: the note says which upload the file is, so that the next call goes on with it, or only moves what is already whole.
 * @returns false when the file stays for another try
 */
export async function takeFile(folder: string, dropped: Dropped, taker: Taker): Promise<boolean> {
  const { name } = dropped;
  const notes = notesOf(folder);
  try {
    const upload = await sent(folder, dropped, taker);
    if (upload.state !== 'complete' || upload.file === undefined) {
      if (upload.problem === undefined) return false;
      throw new Problem(upload.problem);
    }
    put(folder, ours.taken, dropped, takenReport(name, await taker.outcome(upload.file)));
    notes.drop(name);
    return true;
  } catch (error) {
    const problem = asProblem(error);
    if (!(problem instanceof Problem)) throw error;
    await tellRefusal(taker.context, problem);
    if (passing.has(problem.code)) return false;
    put(folder, ours.refused, dropped, refusedReport(name, problem, taker.context.requestId));
    notes.drop(name);
    return true;
  }
}

/** Sends the bytes, from where an earlier try came to. */
async function sent(folder: string, { name, stats, declared }: Dropped, taker: Taker): Promise<UploadView> {
  const { context, inbox, authenticate } = taker;
  refuseTricks(stats);
  const notes = notesOf(folder);
  const identity = identityOf(stats);
  const file = await openPlain(join(folder, name));
  try {
    if (identityOf(await file.stat({ bigint: true })) !== identity) throw new Problem('drop_changed');
    const before = notes.of(name);
    let upload = before && (await stillThere(inbox, context, before.upload));
    if (upload && before?.identity !== identity) {
      if (upload.state === 'open') await inbox.giveUp(context, upload.id);
      upload = undefined;
    }
    if (!upload) {
      upload = await inbox.begin(context, { name: name.normalize('NFC'), length: Number(stats.size), declared });
      notes.write({ name, upload: upload.id, identity });
    }
    if (upload.state !== 'open') return upload;
    if (upload.offset < Number(stats.size)) {
      const bytes = file.createReadStream({ start: upload.offset, autoClose: false, highWaterMark: 1024 * 1024 });
      upload = await inbox.append(context, upload.id, { offset: upload.offset, bytes, authenticate });
    }
    if (identityOf(await file.stat({ bigint: true })) !== identity) {
      await inbox.giveUp(context, upload.id);
      throw new Problem('drop_changed');
    }
    return await inbox.finish(context, upload.id, authenticate);
  } finally {
    await file.close();
  }
}

async function stillThere(inbox: Inbox, context: Context, id: string): Promise<UploadView | undefined> {
  try {
    return await inbox.get(context, id);
  } catch (error) {
    if (error instanceof Problem && error.code === 'not_found') return undefined;
    throw error;
  }
}

/** What is no plain file of its own could be another file of the machine, which the server may read and its person may not. */
function refuseTricks(stats: BigIntStats): void {
  if (stats.isSymbolicLink()) throw new Problem('drop_not_plain', { params: { kind: 'a symbolic link' } });
  if (!stats.isFile()) throw new Problem('drop_not_plain', { params: { kind: 'a device, pipe or socket' } });
  if (stats.nlink > 1n) throw new Problem('drop_not_plain', { params: { kind: 'a hard link' } });
}

async function openPlain(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'EACCES' || code === 'EPERM') throw new Problem('drop_unreadable');
    if (code === 'ENOENT' || code === 'ELOOP') throw new Problem('drop_changed');
    throw error;
  }
}

/** Another file, or other bytes, under the same name have another one. */
const identityOf = ({ dev, ino, size, mtimeNs }: BigIntStats): string => `${dev}:${ino}:${size}:${mtimeNs}`;

/** Writes the report, moves the file, takes the side files away: in this order, so that a file that was moved has its report. */
function put(folder: string, place: string, { name, beside }: Dropped, report: string): void {
  const to = join(folder, place);
  mkdirSync(to, { recursive: true, mode: 0o750 });
  const free = freeName(to, name);
  writeFileSync(join(to, `${free}.report.txt`), report, { flush: true });
  renameSync(join(folder, name), join(to, free));
  for (const side of beside) rmSync(join(folder, side), { force: true });
}

/** A name that nothing has in the place: what was taken before is never written over. */
function freeName(folder: string, name: string): string {
  for (let nth = 1; ; nth += 1) {
    const free = nth === 1 ? name : `${name}.${nth}`;
    if (!lstatSync(join(folder, free), { throwIfNoEntry: false })) return free;
  }
}
