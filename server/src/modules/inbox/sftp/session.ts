import type { Attributes, FileEntry, SFTPWrapper } from 'ssh2';
import ssh2 from 'ssh2';
import { asProblem } from '../../../platform/db.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem, problemBody } from '../../../platform/problem.ts';
import { tellRefusal } from '../../../platform/tell-refusal.ts';
import { deleteFile, mayUpload, nameFault, renameFile, renameUpload, type FilesPorts } from '../../files/index.ts';
import { absolute, placeOf, type Place } from './paths.ts';
import { treeOf, type Entry } from './tree.ts';
import { openWriting, type Pen, type Writing } from './writing.ts';

const { STATUS_CODE, OPEN_MODE } = ssh2.utils.sftp;
type FilePlace = Extract<Place, { kind: 'file' }>;

/** What a client has open. */
type Handle =
  | { readonly kind: 'folder'; readonly entries: Entry[] }
  | { readonly kind: 'file'; readonly writing: Writing };

/** Handles of one client, and bytes of it that wait to be taken on: more than any client sends ahead. */
const most = { handles: 64, waiting: 32 * 1024 * 1024 };
/** Names in one answer. */
const page = 100;

const denied: ReadonlySet<string> = new Set([
  'unauthenticated',
  'forbidden',
  'access_denied',
  'file_claimed',
  'sftp_write_only',
  'sftp_folder',
  'sftp_undeclared',
]);

export interface SessionParts extends Pen {
  readonly parts: Parts;
  readonly ports: Pick<FilesPorts, 'fileArrived'>;
  /** Called for every sign of life. */
  readonly awake: () => void;
  /** Throws Problem `rate_limited`. */
  readonly limit: () => void;
  readonly end: () => void;
}

/** Answers the requests of one SFTP client (draft-ietf-secsh-filexfer-02, version 3). */
export function serveSession(sftp: SFTPWrapper, parts: SessionParts): void {
  const { context, inbox } = parts;
  const tree = treeOf(context, inbox);
  const handles = new Map<number, Handle>();
  let next = 0;
  let waiting = 0;

  const fail = async (request: number, error: unknown): Promise<void> => {
    const problem = asProblem(error);
    if (!(problem instanceof Problem)) context.log.error({ err: error }, 'an SFTP request failed');
    const told = problem instanceof Problem ? problem : new Problem('internal', { cause: error });
    const { title, hint, code } = problemBody(told, context.language, context.requestId);
    sftp.status(request, statusOf(told), `${title}. ${hint} [${code}]`);
    await tellRefusal(context, told);
  };
  /** Runs a request; what it throws is the answer. */
  const answer = (request: number, work: () => Promise<void> | void): void => {
    const run = async () => {
      parts.limit();
      await work();
    };
    run().catch((error: unknown) => fail(request, error).catch(() => sftp.status(request, STATUS_CODE.FAILURE)));
  };
  const ok = (request: number) => sftp.status(request, STATUS_CODE.OK);
  const open = (request: number, handle: Handle) => {
    if (handles.size >= most.handles) throw new Problem('too_many_uploads', { params: { limit: most.handles } });
    const number = (next = (next + 1) >>> 0);
    handles.set(number, handle);
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(number);
    sftp.handle(request, bytes);
  };
  const held = (bytes: Buffer): Handle => {
    const handle = bytes.length === 4 ? handles.get(bytes.readUInt32BE()) : undefined;
    if (!handle) throw new Problem('not_found');
    return handle;
  };
  const at = (path: string): Place => {
    const place = placeOf(path);
    if (!place) throw new Problem('not_found');
    return place;
  };
  const fileAt = (path: string): FilePlace => {
    const place = at(path);
    if (place.kind !== 'file') throw new Problem('sftp_folder');
    return place;
  };
  const entryAt = async (path: string): Promise<Entry> => {
    const entry = await tree.find(at(path));
    if (!entry) throw new Problem('not_found');
    return entry;
  };
  const stat = (request: number, path: string) =>
    answer(request, () => entryAt(path).then((entry) => sftp.attrs(request, attributesOf(entry))));

  sftp
    .on('REALPATH', (request, path) =>
      answer(request, () => {
        const name = absolute(path);
        sftp.name(request, [{ filename: name, longname: name, attrs: noAttributes }]);
      }),
    )
    .on('STAT', stat)
    .on('LSTAT', stat)
    .on('OPENDIR', (request, path) =>
      answer(request, async () => {
        const place = at(path);
        if (place.kind === 'file') throw new Problem('not_found');
        open(request, { kind: 'folder', entries: [...(await tree.list(place))] });
      }),
    )
    .on('READDIR', (request, handle) =>
      answer(request, () => {
        const folder = held(handle);
        if (folder.kind !== 'folder') throw new Problem('not_found');
        const some = folder.entries.splice(0, page);
        if (some.length === 0) sftp.status(request, STATUS_CODE.EOF);
        else sftp.name(request, some.map(lineOf));
      }),
    )
    .on('OPEN', (request, path, flags) =>
      answer(request, async () => {
        const place = fileAt(path);
        if ((flags & OPEN_MODE.WRITE) === 0) throw new Problem('sftp_write_only');
        mayUpload(context);
        refuseName(place.name);
        await tree.mayPut(place);
        const entry = await tree.find(place);
        if (!entry && (flags & OPEN_MODE.CREAT) === 0) throw new Problem('not_found');
        if (entry && (flags & OPEN_MODE.EXCL) !== 0)
          throw new Problem('file_name_taken', { params: { name: place.name } });
        const { upload, file } = entry ?? {};
        const whole = file && !file.claimed ? { id: file.id, size: entry?.size ?? 0 } : undefined;
        const writing = openWriting(parts, {
          name: place.name,
          upload,
          file: whole,
          truncate: (flags & OPEN_MODE.TRUNC) !== 0,
          append: (flags & OPEN_MODE.APPEND) !== 0,
        });
        open(request, { kind: 'file', writing });
      }),
    )
    .on('WRITE', (request, handle, offset, data) => {
      parts.awake();
      waiting += data.length;
      // Nobody has so much under way who waits for answers.
      if (waiting > most.waiting) return parts.end();
      const run = async () => {
        const file = held(handle);
        if (file.kind !== 'file') throw new Problem('not_found');
        await file.writing.write(offset, Buffer.from(data));
        ok(request);
      };
      run()
        .catch((error: unknown) => fail(request, error))
        .catch(() => sftp.status(request, STATUS_CODE.FAILURE))
        .finally(() => (waiting -= data.length));
    })
    .on('READ', (request) => answer(request, () => Promise.reject(new Problem('sftp_write_only'))))
    .on('FSTAT', (request, handle) =>
      answer(request, () => {
        const file = held(handle);
        const size = file.kind === 'file' ? file.writing.size : 0;
        sftp.attrs(request, attributesOf({ name: '', folder: file.kind === 'folder', size, at: context.now() }));
      }),
    )
    .on('CLOSE', (request, handle) =>
      answer(request, async () => {
        const file = held(handle);
        handles.delete(handle.readUInt32BE());
        if (file.kind === 'file') await file.writing.close();
        ok(request);
      }),
    )
    // Times and modes of files are not kept; clients that set them after a transfer must not fail for it.
    .on('SETSTAT', (request, path) => answer(request, () => entryAt(path).then(() => ok(request))))
    .on('FSETSTAT', (request) => answer(request, () => ok(request)))
    .on('REMOVE', (request, path) =>
      answer(request, async () => {
        const place = fileAt(path);
        const entry = await entryAt(path);
        if (entry.upload) await inbox.giveUp(context, entry.upload.id);
        else if (entry.file && !(place.draft !== undefined && entry.file.claimed))
          await deleteFile(context, entry.file.id);
        else throw new Problem('file_claimed');
        ok(request);
      }),
    )
    .on('RENAME', (request, from, to) =>
      answer(request, async () => {
        fileAt(from);
        const [entry, target] = [await entryAt(from), fileAt(to)];
        refuseName(target.name);
        await tree.mayPut(target);
        if (entry.name !== target.name) {
          if (await tree.find(target)) throw new Problem('file_name_taken', { params: { name: target.name } });
          if (entry.upload) await renameUpload(context, entry.upload.id, target.name, parts.parts);
          else if (entry.file) await renameFile(context, entry.file.id, target.name, parts.parts, parts.ports);
        }
        ok(request);
      }),
    )
    .on('MKDIR', (request) => answer(request, () => Promise.reject(new Problem('sftp_folder'))))
    .on('RMDIR', (request) => answer(request, () => Promise.reject(new Problem('sftp_folder'))))
    .on('end', () => {
      void dropAll();
      sftp.end();
    });

  async function dropAll(): Promise<void> {
    for (const handle of handles.values()) if (handle.kind === 'file') await handle.writing.drop();
    handles.clear();
  }

  function refuseName(name: string): void {
    const fault = nameFault(name);
    if (fault) throw new Problem('file_name_refused', { params: { name, reason: fault[context.language] } });
  }
}

function statusOf({ code }: Problem): number {
  if (code === 'not_found') return STATUS_CODE.NO_SUCH_FILE;
  return denied.has(code) ? STATUS_CODE.PERMISSION_DENIED : STATUS_CODE.FAILURE;
}

const noAttributes: Attributes = { mode: 0, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 };

function attributesOf({ folder, size, at }: Entry): Attributes {
  const seconds = Math.floor(at.getTime() / 1000);
  return { ...noAttributes, mode: folder ? 0o040700 : 0o100600, size, atime: seconds, mtime: seconds };
}

/** As `ls -l` writes it, which clients show or parse. */
function lineOf(entry: Entry): FileEntry {
  const { name, folder, size, at } = entry;
  const time = at.toUTCString().slice(5, 16);
  const mode = folder ? 'drwx------' : '-rw-------';
  return {
    filename: name,
    longname: `${mode} 1 you you ${String(size).padStart(12)} ${time} ${name}`,
    attrs: attributesOf(entry),
  };
}
