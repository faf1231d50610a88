import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ledgerLevels, ledgerRoutes, type LedgerAct, type LedgerLevel } from '@geneward/api';
import { Option, type Command } from 'commander';
import { action } from '../command.ts';
import { exit, Stop } from '../exit.ts';
import { levelWords } from '../ledger/words.ts';
import { columns, type Output } from '../output.ts';

interface Options {
  to: string;
  list?: boolean;
  cose?: boolean;
  wait?: LedgerLevel;
}

/** Acts get a better level by themselves; this is how often one looks. */
const lookMs = 1000;

/** Receipts of the acts in the life of an object, one file each. */
export function receipt(program: Command): void {
  program
    .command('receipt <name>')
    .description(
      'receipts of all that happened to an object, or by its id to a submission, file, download token, job or tree 获取对象（或提交、文件、下载令牌、任务等）全部操作的回执',
    )
    .option('--to <folder>', 'where to 目标目录', '.')
    .option('--cose', 'as COSE (RFC 9942), for tools that know no C2SP 以 COSE 格式')
    .option('--list', 'only show what happened 仅列出')
    .addOption(
      new Option('--wait <level>', 'until every act has this level 等待全部操作达到该级别').choices(ledgerLevels),
    )
    .action(
      action(async ({ output, client }, accession: string, { to, list, cose, wait }: Options) => {
        const api = client();
        const look = () => api.call(ledgerRoutes.objectLife, { params: { object: accession } });
        let life = await look();
        const waits = () => wait !== undefined && life.items.some(({ level }) => isBelow(level, wait));
        while (waits()) {
          await new Promise((done) => setTimeout(done, lookMs));
          life = await look();
        }
        const name = life.accession ?? life.object;
        const ready = life.items.filter(({ level }) => level !== 'pending');
        const files: string[] = [];
        if (!list) {
          if (ready.length === 0)
            throw new Stop(
              exit.unreachable,
              output.pick({ en: 'Nothing is signed yet; ask again in a few seconds.', zh: '尚未签署，请数秒后重试。' }),
            );
          mkdirSync(to, { recursive: true });
          for (const { index } of ready) {
            const format = cose ? 'cose' : 'tlog-proof';
            const response = await api.raw(ledgerRoutes.objectReceipt, {
              params: { object: name, index },
              query: { format },
            });
            const path = join(to, `${name}-${index}.${format}`);
            writeFileSync(path, Buffer.from(await response.arrayBuffer()));
            files.push(path);
          }
        }
        output.result({ ...life, files }, () => lines(life.items, files, output));
      }),
    );
}

const isBelow = (level: LedgerLevel, wanted: LedgerLevel): boolean =>
  ledgerLevels.indexOf(level) < ledgerLevels.indexOf(wanted);

const lines = (items: readonly LedgerAct[], files: readonly string[], output: Output): string =>
  [
    columns(items.map((it) => [it.index, it.at.slice(0, 19).replace('T', ' '), it.stage, it.type, it.level])),
    ...[...new Set(items.map(({ level }) => level))].map((level) => `${level}: ${output.pick(levelWords[level])}`),
    ...(files.length > 0 ? [output.pick({ en: `${files.length} receipts`, zh: `${files.length} 份回执` })] : []),
  ].join('\n');
