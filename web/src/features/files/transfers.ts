import { ApiProblem, filesRoutes, speedometer, type FileReport, type ProblemBody } from '@geneward/api';
import { defaultOptions, DetailedError, Upload, type PreviousUpload } from 'tus-js-client';
import { api, currentLanguage } from '../../app/client.ts';

/** A file on its way into the inbox. */
export interface Transfer {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  readonly sent: number;
  /** Bytes per second while it is being sent, else 0. */
  readonly rate: number;
  readonly state: 'waiting' | 'sending' | 'paused' | 'checking' | 'stored' | 'faulty' | 'failed';
  /** Why it was not sent. */
  readonly problem?: ProblemBody;
  readonly report?: FileReport;
}

const atOnce = 3;
const retryDelays = [0, 1000, 3000, 5000, 10_000, 20_000, 30_000, 30_000, 60_000, 60_000];
const endpoint = '/api/v1/uploads';

let list: readonly Transfer[] = [];
const uploads = new Map<string, Upload>();
const listeners = new Set<() => void>();

/** The transfers of this tab: they go on while other pages are shown. For `useSyncExternalStore`. */
export const transfers = {
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  now: (): readonly Transfer[] => list,
};

const patch = (key: string, change: Partial<Transfer>) =>
  set(list.map((one) => (one.key === key ? { ...one, ...change } : one)));

function set(next: readonly Transfer[]): void {
  list = next;
  for (const listener of listeners) listener();
}

const keyOf = (file: File) => `${file.name} ${file.size} ${file.lastModified}`;

/** Takes files into the list; one that is there already is not taken twice. */
export function addFiles(files: readonly File[]): void {
  const fresh = files.filter((file) => !list.some((one) => one.key === keyOf(file) && one.state !== 'failed'));
  for (const file of fresh) uploads.set(keyOf(file), uploadOf(file));
  const keys = new Set(fresh.map(keyOf));
  set([
    ...list.filter((one) => !keys.has(one.key)),
    ...fresh.map((file): Transfer => {
      const { name, size } = file;
      return { key: keyOf(file), name, size, sent: 0, rate: 0, state: 'waiting' };
    }),
  ]);
  startNext();
}

/** Begins what waits, a few at a time. */
function startNext(): void {
  const busy = list.filter(({ state }) => state === 'sending').length;
  for (const one of list.filter(({ state }) => state === 'waiting').slice(0, Math.max(0, atOnce - busy))) {
    patch(one.key, { state: 'sending' });
    void begin(one.key);
  }
}

/** Goes on with what this browser has begun for the same file, before it was closed or reloaded. */
async function begin(key: string): Promise<void> {
  const upload = uploads.get(key);
  if (!upload) return;
  const [before] = await upload.findPreviousUploads();
  if (before) upload.resumeFromPreviousUpload(before);
  upload.start();
}

export function pause(key: string): void {
  patch(key, { state: 'paused', rate: 0 });
  void uploads.get(key)?.abort();
  startNext();
}

export function goOn(key: string): void {
  set(
    list.map((one): Transfer => {
      if (one.key !== key) return one;
      const { name, size, sent } = one;
      return { key, name, size, sent, rate: 0, state: 'waiting' };
    }),
  );
  startNext();
}

/** Takes a file from the list; what was sent of it is kept for a while, and gone on with when it is chosen again. */
export function remove(key: string): void {
  void uploads.get(key)?.abort();
  uploads.delete(key);
  set(list.filter((one) => one.key !== key));
  startNext();
}

function uploadOf(file: File): Upload {
  const key = keyOf(file);
  const own = speedometer();
  return new Upload(file, {
    endpoint,
    retryDelays,
    metadata: { filename: file.name, duplicate: 'accept' },
    headers: { 'accept-language': currentLanguage() },
    removeFingerprintOnSuccess: true,
    onProgress: (sent) => {
      own.note(sent);
      patch(key, { sent, rate: Math.round(own.rate()) });
    },
    onSuccess: () => void ended(key),
    onError: (error) => fail(key, problemIn(error)),
  });
}

/** What the server said, as far as it said anything. */
function problemIn(error: Error | DetailedError): ProblemBody {
  const response = error instanceof DetailedError ? error.originalResponse : null;
  try {
    const body = JSON.parse(response?.getBody() ?? '') as ProblemBody;
    if (typeof body.code === 'string') return body;
  } catch {
    // No answer, or one of something on the way.
  }
  return { type: 'about:blank', title: '', status: response?.getStatus() ?? 0, code: 'unreachable' };
}

function fail(key: string, problem: ProblemBody): void {
  const again = problem.code === 'unauthenticated' || problem.code === 'unreachable';
  patch(key, { state: again ? 'paused' : 'failed', rate: 0, problem });
  startNext();
}

const pause500 = () => new Promise((done) => setTimeout(done, 500));

/** The last byte is there: waits for the file and for what its check says. */
async function ended(key: string): Promise<void> {
  patch(key, { state: 'checking', rate: 0, sent: list.find((one) => one.key === key)?.size ?? 0 });
  startNext();
  try {
    const file = await fileOf(uploads.get(key)?.url ?? '');
    const report = await api().call(filesRoutes.getFileReport, { params: { id: file } });
    const faulty = report.findings.some(({ level }) => level === 'error');
    patch(key, { state: faulty ? 'faulty' : 'stored', report });
  } catch (error) {
    const unreachable = { type: 'about:blank', title: '', status: 0, code: 'unreachable' };
    fail(key, error instanceof ApiProblem ? error.body : unreachable);
  }
}

async function fileOf(address: string): Promise<string> {
  const id = address.slice(address.lastIndexOf('/') + 1);
  for (;;) {
    const { file, problem } = await api().call(filesRoutes.getUpload, { params: { id } });
    if (problem !== undefined)
      throw new ApiProblem({ type: 'about:blank', title: problem, status: 422, code: problem });
    if (file !== undefined) {
      const { state } = await api().call(filesRoutes.getFile, { params: { id: file } });
      if (state !== 'checking' && state !== 'receiving') return file;
    }
    await pause500();
  }
}

/** What was begun in this browser and is not in the list: the files must be chosen again, a page cannot open them by itself. */
export async function begunBefore(): Promise<PreviousUpload[]> {
  const found = await defaultOptions.urlStorage.findAllUploads();
  return found.filter(
    ({ metadata, size }) => !list.some((one) => one.name === metadata['filename'] && one.size === size),
  );
}

/** Gives up what was begun: its bytes go from the server. */
export async function giveUp({ uploadUrl, urlStorageKey }: PreviousUpload): Promise<void> {
  await defaultOptions.urlStorage.removeUpload(urlStorageKey);
  if (uploadUrl !== null) await Upload.terminate(uploadUrl).catch(() => undefined);
}
