import { basename } from 'node:path';
import { filesRoutes } from '@geneward/api';
import type { Text } from '@geneward/metadata';
import { exit, type ExitCode } from '../exit.ts';
import { bytes, type Output } from '../output.ts';
import { eachOf, mapOf, showProgress } from '../progress.ts';
import type { Line } from '../transfer/line.ts';
import { persist } from '../transfer/persist.ts';
import { begunUpload, sendFile, smallBytes } from '../transfer/upload.ts';
import type { CheckedFile } from './check-reads.ts';
import type { CheckedStudy } from './check.ts';
import type { StudyFiles } from './find.ts';

/** Questions about files that are under way together. */
const questionsAtOnce = 8;

/**
 * Uploads what the inbox does not hold yet; the server compares every byte with the digests computed here.
 * @param before whether the study was sent before, so that it pays to ask for short files as well
 */
export async function sendFiles(
  line: Line,
  study: CheckedStudy,
  { before, parallel, partBytes, output }: { before: boolean; parallel: number; partBytes: number; output: Output },
): Promise<void> {
  const files = [...study.files.values()];
  const progress = showProgress(output, { phase: 'send', files: files.length, bytes: sizeOf(files) });
  const large = files.filter(({ size }) => size > smallBytes).length;
  const lanes = Math.max(1, Math.floor(parallel / Math.max(1, Math.min(parallel, large))));
  try {
    await eachOf(files, parallel, async (file) => {
      const bar = progress.start(file.name, file.size);
      // A short file is sent sooner than asked for.
      const asked = before || file.size > smallBytes;
      if (asked && (await isThere(line, file))) return bar.end(output.pick({ en: 'sent before', zh: '此前已上传' }));
      await sendFile(line, file, bar, { lanes, partBytes });
      bar.end(output.pick({ en: 'sent and verified', zh: '已上传并校验' }));
    });
  } finally {
    progress.close();
  }
}

const sizeOf = (files: readonly CheckedFile[]) => files.reduce((sum, file) => sum + file.size, 0);

async function isThere({ api, mend }: Line, { name, sha256 }: CheckedFile): Promise<boolean> {
  const query = { name, sha256, mine: 'true', limit: 1 };
  const have = await persist(() => api.call(filesRoutes.listFiles, { query }), { mend });
  return have.items.some((it) => it.state === 'stored' || it.state === 'claimed');
}

/** What would be sent, and what not; nothing is. */
export async function dryRun(line: Line, study: CheckedStudy, found: StudyFiles, output: Output): Promise<ExitCode> {
  const files = await mapOf([...study.files.values()], questionsAtOnce, async (file) => {
    const { name, size } = file;
    if (await isThere(line, file)) return { name, size, toSend: 0 };
    const begun = size > smallBytes ? await begunUpload(line, file) : undefined;
    return { name, size, toSend: size - (begun ?? 0) };
  });
  const toSend = files.reduce((sum, file) => sum + file.toSend, 0);
  const sheets = found.sheets.map((path) => basename(path));
  output.result({ dryRun: true, server: line.server, sheets, files, toSend }, () =>
    [
      ...sheets.map((name) => output.pick({ en: `would be sent  ${name}`, zh: `将发送  ${name}` })),
      ...files.map(({ name, size, toSend: left }) => `${output.pick(standingOf(size, left))}  ${name}  ${bytes(left)}`),
      output.pick({
        en: `${bytes(toSend)} in ${files.filter((file) => file.toSend > 0).length} files. Nothing was sent.`,
        zh: `共 ${files.filter((file) => file.toSend > 0).length} 个文件，${bytes(toSend)}。未发送任何数据。`,
      }),
    ].join('\n'),
  );
  return exit.done;
}

const standingOf = (size: number, left: number): Text => {
  if (left === 0) return { en: 'sent before   ', zh: '此前已上传' };
  return left === size ? { en: 'would be sent ', zh: '将发送' } : { en: 'would go on   ', zh: '将续传' };
};
