import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { ApiProblem, submissionRoutes, type Client, type Submission, replyOf } from '@geneward/api';
import { Option, type Command } from 'commander';
import { action, type Tools } from '../command.ts';
import { exit, Stop, type ExitCode } from '../exit.ts';
import { printFindings } from '../findings.ts';
import { columns } from '../output.ts';
import { itemsOf } from '../pages.ts';
import { checkStudy, type CheckedStudy } from '../study/check.ts';
import { findStudy, type StudyFiles } from '../study/find.ts';
import { rememberedSubmission, rememberSubmission } from '../study/memory.ts';
import { dryRun, sendFiles } from '../study/send.ts';
import { openLine, type Line } from '../transfer/line.ts';
import { persist } from '../transfer/persist.ts';
import { byteCount } from '../transfer/rate.ts';
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
  dryRun?: boolean;
  check: boolean;
  limitRate?: number;
  partSize: number;
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
    .option(
      '--parallel <n>',
      'connections at once, over files and parts of large ones 并行连接数',
      wholeNumber(1, 16),
      4,
    )
    .option('--limit-rate <rate>', 'bytes per second at most, as 800k or 20M 限速', byteCount)
    .option('--part-size <size>', 'part of a large file at least, as 256M 分段大小', byteCount, 256e6)
    .option('--dry-run', 'check, and say what would be sent; send nothing 仅检查并显示将发送的内容')
    .option('--no-check', 'leave the check of the reads to the server 不在本地检查测序数据')
    .option('--draft', 'upload, but do not send it in yet 仅上传为草稿')
    .option('--wait', 'wait until a curator has decided 等待审核结果')
    .action(
      action(async (tools, paths: string[], options: SubmitOptions) => {
        const { output } = tools;
        const line = openLine(tools, options.limitRate);
        try {
          const found = findStudy(paths, output);
          const study = await checkStudy(found, { output, reads: true, content: options.check });
          if (study.errors > 0) {
            output.result(reportOf(study), () => printReport(study, output));
            output.say({ en: 'Nothing was sent.', zh: '未发送任何数据。' });
            return exit.faults;
          }
          const findings = study.findings.filter(({ level }) => level !== 'hint');
          output.say(printReport({ ...study, findings }, output));
          return await (options.dryRun ? dryRun(line, study, found, output) : send(tools, line, study, found, options));
        } finally {
          line.close();
        }
      }),
    );
}

async function send(
  tools: Tools,
  line: Line,
  study: CheckedStudy,
  found: StudyFiles,
  options: SubmitOptions,
): Promise<ExitCode> {
  const { api } = line;
  const { parallel, partSize: partBytes } = options;
  const before = options.into ?? (await goOn(tools, api, found, options));
  const id = before ?? (await open(tools, api, found, options));
  await sendFiles(line, study, { before: before !== undefined, parallel, partBytes, output: tools.output });
  const sheetFaults = await sendSheets(api, id, found);
  const state = sheetFaults || options.draft ? await read(api, id) : await sendIn(api, id);
  const end = options.wait && state.status === 'in_review' ? await settled(api, id, ['in_review', 'checking']) : state;
  return report(tools, api, end);
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

/** @returns whether the server found errors that the local check could not see; the report at the end shows them */
async function sendSheets(api: Client, id: string, found: StudyFiles): Promise<boolean> {
  let faulty = false;
  for (const path of found.sheets) {
    const sheet = await persist(async () => {
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
