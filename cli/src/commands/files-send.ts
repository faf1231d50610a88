import { openSync, closeSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { action } from '../command.ts';
import { exit, Stop } from '../exit.ts';
import { bytes, type Output } from '../output.ts';
import { showProgress } from '../progress.ts';
import { fingerprintOf, sendDirect } from '../transfer/direct.ts';
import { openLine } from '../transfer/line.ts';
import { byteCount } from '../transfer/rate.ts';
import { wholeNumber } from './search.ts';

interface SendOptions {
  parallel: number;
  limitRate?: number;
}

/** Files that are encrypted for the archive go straight to its S3 store, past the server. */
export function sendCommand(group: Command): void {
  group
    .command('send <file...>')
    .description('bring files encrypted for the archive straight to its store 将已加密文件直接上传至存储')
    .option('--parallel <n>', 'parts at once 并行分段数', wholeNumber(1, 16), 4)
    .option('--limit-rate <rate>', 'bytes per second at most, as 800k or 20M 限速', byteCount)
    .action(
      action(async (tools, paths: string[], options: SendOptions) => {
        const { output } = tools;
        for (const path of paths) refusePlain(path, output);
        const sum = paths.reduce((all, path) => all + statSync(path).size, 0);
        const line = openLine(tools, options.limitRate);
        const checking = showProgress(output, { phase: 'check', files: paths.length, bytes: sum });
        const sending = showProgress(output, { phase: 'send', files: paths.length, bytes: sum });
        try {
          const sent = [];
          for (const path of paths) {
            const name = basename(path);
            const looking = checking.start(name, statSync(path).size);
            const file = await fingerprintOf(path, name, looking);
            looking.end();
            const bar = sending.start(name, file.size);
            const upload = await sendDirect(line, file, bar, options.parallel);
            bar.end(output.pick({ en: 'sent and verified', zh: '已上传并校验' }));
            sent.push({ name, size: file.size, upload: upload.id, file: upload.file });
          }
          output.result(sent, (list) =>
            list.map(({ name, size, file }) => `${file}  ${bytes(size)}  ${name}`).join('\n'),
          );
        } finally {
          checking.close();
          sending.close();
          line.close();
        }
      }),
    );
}

const magic = 'crypt4gh';

/** Before a byte is sent: what is in the clear must not lie in the store. */
function refusePlain(path: string, output: Output): void {
  const head = Buffer.alloc(magic.length);
  const file = openSync(path, 'r');
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  if (head.toString('latin1') === magic) return;
  throw new Stop(
    exit.refused,
    output.pick({
      en: `${path} is not encrypted. Get the key of the archive with "geneward crypt4gh archive-key > archive.pub" and encrypt with "geneward crypt4gh encrypt --recipient_pk archive.pub".`,
      zh: `${path} 未加密。请用 “geneward crypt4gh archive-key > archive.pub” 获取本库公钥，再用 “geneward crypt4gh encrypt --recipient_pk archive.pub” 加密。`,
    }),
    'encrypted_refused',
  );
}
