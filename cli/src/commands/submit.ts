import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { ApiProblem, filesRoutes, submissionRoutes, type Client, type Submission, replyOf } from '@geneward/api';
import { Option, type Command } from 'commander';
import { action, type Tools } from '../command.ts';
import { exit, Stop, isNetworkError, type ExitCode } from '../exit.ts';
import { printFindings } from '../findings.ts';
import { columns, type Output } from '../output.ts';
import { itemsOf } from '../pages.ts';
import { eachOf, showProgress } from '../progress.ts';
import { checkStudy, type CheckedStudy } from '../study/check.ts';
import type { CheckedFile } from '../study/check-reads.ts';
import { findStudy, type StudyFiles } from '../study/find.ts';
import { rememberedSubmission, rememberSubmission } from '../study/memory.ts';
import { wholeNumber } from './search.ts';
import { summary } from './status.ts';
import { printReport, reportOf } from './validate.ts';

interface SubmitOptions {
  title?: string;
  manner: 'public' | 'controlled' | 'private';
  releaseOn?: string;
  terms?: string;
  into?: string;
  new?: boolean;
  parallel: number;
  draft?: boolean;
  wait?: boolean;
}

export function submit(program: Command): void {
  program
    .command('submit <path...>')
    .description('check a study folder or sheets, upload what is missing, send it in 提交研究数据')
    .option('--title <text>', 'title of the submission 标题')
    .addOption(
      new Option('--manner <manner>', 'who may read it once released 访问方式')
        .choices(['public', 'controlled', 'private'])
        .default('public'),
    )
    .option('--release-on <date>', 'hold it until then (YYYY-MM-DD) 公开日期')
    .option('--terms <text>', 'terms of use 使用条款')
    .option('--into <submission>', 'a draft or returned submission to go on with 继续已有提交')
    .option('--new', 'open another submission although this folder was sent before 另建新提交')
    .option('--parallel <n>', 'uploads at once 并行上传数', wholeNumber(1, 16), 3)
    .option('--draft', 'upload, but do not send it in yet 仅上传为草稿')
    .option('--wait', 'wait until a curator has decided 等待审核结果')
    .action(
      action(async (tools, paths: string[], options: SubmitOptions) => {
        const { output } = tools;
        const api = tools.client();
        const found = findStudy(paths, output);
        const study = await checkStudy(found, { output, reads: true });
        if (study.errors > 0) {
          output.result(reportOf(study), () => printReport(study, output));
          output.say({ en: 'Nothing was sent.', zh: '未发送任何数据。' });
          return exit.faults;
        }
        output.say(printReport({ ...study, findings: study.findings.filter(({ level }) => level !== 'hint') }, output));
        const id = options.into ?? (await goOn(tools, api, found, options)) ?? (await open(tools, api, found, options));
        await sendFiles(api, study, options.parallel, output);
        const sheetFaults = await sendSheets(api, id, found);
        const state = sheetFaults || options.draft ? await read(api, id) : await sendIn(api, id);
        return report(
          tools,
          api,
          options.wait && state.status === 'in_review' ? await settled(api, id, ['in_review', 'checking']) : state,
        );
      }),
    );
}

/** A folder that was sent before goes on with its submission while that is open: after a fault, a lost line or a return. */
async function goOn(tools: Tools, api: Client, found: StudyFiles, options: SubmitOptions): Promise<string | undefined> {
  const id = options.new ? undefined : rememberedSubmission(found.folder, tools.session().server);
  if (id === undefined) return undefined;
  const before = await read(api, id).catch((error: unknown) => {
    if (error instanceof ApiProblem && error.code === 'not_found') return undefined;
    throw error;
  });
  if (before?.status === 'draft' || before?.status === 'returned') return id;
  if (before?.status === 'checking' || before?.status === 'in_review') {
    throw new Stop(
      exit.refused,
      tools.output.pick({
        en: `This study waits for a curator already (${id}); "geneward status ${id}" shows it.`,
        zh: `该研究已提交并等待审核（${id}）；使用 “geneward status ${id}” 查看。`,
      }),
    );
  }
  return undefined;
}

async function open(tools: Tools, api: Client, found: StudyFiles, options: SubmitOptions): Promise<string> {
  const made = await api.call(submissionRoutes.createSubmission, {
    body: {
      title: options.title ?? basename(found.folder),
      manner: options.manner,
      ...(options.releaseOn && { releaseOn: options.releaseOn }),
      ...(options.terms && { useTerms: options.terms }),
    },
    idempotencyKey: randomUUID(),
  });
  rememberSubmission(found.folder, { server: tools.session().server, submission: made.id });
  return made.id;
}

/** Uploads what the inbox does not hold yet; the server compares every byte with the digest computed here. */
async function sendFiles(api: Client, study: CheckedStudy, parallel: number, output: Output): Promise<void> {
  const progress = showProgress(output);
  try {
    await eachOf([...study.files.values()], parallel, async (file) => {
      const bar = progress.start(file.name, file.size);
      const have = await api.call(filesRoutes.listFiles, {
        query: { name: file.name, sha256: file.sha256, mine: 'true', limit: 1 },
      });
      if (have.items.some((it) => it.state === 'stored' || it.state === 'claimed'))
        return bar.end(output.pick({ en: 'sent before', zh: '此前已上传' }));
      await insist(() => upload(api, file, (by) => bar.advance(by)));
      bar.end(output.pick({ en: 'sent and verified', zh: '已上传并校验' }));
    });
  } finally {
    progress.close();
  }
}

async function upload(api: Client, file: CheckedFile, advance: (by: number) => void): Promise<void> {
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      advance(chunk.length);
      done(null, chunk);
    },
  });
  const source = createReadStream(file.path, { highWaterMark: 1 << 20 });
  source.on('error', (error) => counted.destroy(error));
  await api.raw(filesRoutes.uploadFile, {
    params: { name: file.name },
    query: { sha256: file.sha256, md5: file.md5, size: file.size, duplicate: 'accept' },
    body: Readable.toWeb(source.pipe(counted)) as ReadableStream,
    headers: { 'content-type': 'application/octet-stream' },
  });
}

/** Tries again what a broken line or a busy server cut off: an upload that had succeeded is recognised by its digest. */
async function insist<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const passing =
        isNetworkError(error) ||
        (error instanceof ApiProblem &&
          // For up to a minute and a half the server may take the try before, whose line broke, for alive.
          ([408, 429, 503].includes(error.body.status) || error.code === 'upload_in_progress'));
      if (!passing || tries === 8) throw error;
      await new Promise((done) => setTimeout(done, Math.min(1000 * 2 ** tries, 30_000)));
    }
  }
}

/** @returns whether the server found errors that the local check could not see; the report at the end shows them */
async function sendSheets(api: Client, id: string, found: StudyFiles): Promise<boolean> {
  let faulty = false;
  for (const path of found.sheets) {
    const sheet = await insist(async () => {
      const reply = await api.raw(submissionRoutes.putSheet, {
        params: { submission: id, sheet: basename(path) },
        body: Readable.toWeb(createReadStream(path)) as ReadableStream,
        headers: { 'content-type': 'application/octet-stream' },
      });
      return replyOf(submissionRoutes.putSheet, reply);
    });
    const read = sheet.state === 'reading' ? await sheetRead(api, id, sheet.name) : sheet;
    faulty ||= read.counts.errors > 0;
  }
  return faulty;
}

async function sheetRead(api: Client, submission: string, sheet: string) {
  for (;;) {
    const now = await api.call(submissionRoutes.getSheet, { params: { submission, sheet } });
    if (now.state !== 'reading') return now;
    await pause();
  }
}

async function sendIn(api: Client, id: string): Promise<Submission> {
  await api.call(submissionRoutes.submitSubmission, { params: { submission: id } });
  return settled(api, id, ['checking']);
}

async function settled(api: Client, id: string, passing: readonly Submission['status'][]): Promise<Submission> {
  for (;;) {
    const now = await read(api, id);
    if (!passing.includes(now.status)) return now;
    await pause();
  }
}

async function report({ output }: Tools, api: Client, state: Submission): Promise<ExitCode> {
  const params = { submission: state.id };
  const findings = await itemsOf(1000, (query) =>
    api.call(submissionRoutes.listFindings, { params, query: { ...query, level: 'error' } }),
  );
  const entries = await itemsOf(100_000, (query) => api.call(submissionRoutes.listEntries, { params, query }));
  const accessions = entries.flatMap(({ type, alias, accession }) => (accession ? [{ type, alias, accession }] : []));
  output.result({ submission: state.id, status: state.status, findings, accessions }, () =>
    [
      summary(state, output),
      ...(findings.length > 0 ? [printFindings(findings, output)] : []),
      ...(accessions.length > 0 ? [columns(accessions.map((it) => [it.accession, it.type, it.alias]))] : []),
    ].join('\n'),
  );
  return state.counts.errors > 0 || state.status === 'returned' ? exit.faults : exit.done;
}

const read = (api: Client, id: string) => api.call(submissionRoutes.getSubmission, { params: { submission: id } });
const pause = () => new Promise((done) => setTimeout(done, 500));
