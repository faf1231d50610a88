import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ledgerRoutes, type LedgerAct } from '@geneward/api';
import type { Command } from 'commander';
import { action } from '../command.ts';
import { exit, Stop } from '../exit.ts';
import { levelWords } from '../ledger/words.ts';
import { columns, type Output } from '../output.ts';

interface Options {
  to: string;
  list?: boolean;
}

/** Receipts of the acts in the life of an object, one file each. */
export function receipt(program: Command): void {
  program
    .command('receipt <accession>')
    .description('receipts of all that happened to an object, to be verified by anybody 获取对象全部操作的回执')
    .option('--to <folder>', 'where to 目标目录', '.')
    .option('--list', 'only show what happened 仅列出')
    .action(
      action(async ({ output, client }, accession: string, { to, list }: Options) => {
        const api = client();
        const life = await api.call(ledgerRoutes.objectLife, { params: { object: accession } });
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
            const response = await api.raw(ledgerRoutes.objectReceipt, { params: { object: name, index } });
            const path = join(to, `${name}-${index}.tlog-proof`);
            writeFileSync(path, await response.text());
            files.push(path);
          }
        }
        output.result({ ...life, files }, () => lines(life.items, files, output));
      }),
    );
}

const lines = (items: readonly LedgerAct[], files: readonly string[], output: Output): string =>
  [
    columns(items.map((it) => [it.index, it.at.slice(0, 19).replace('T', ' '), it.stage, it.type, it.level])),
    ...[...new Set(items.map(({ level }) => level))].map((level) => `${level}: ${output.pick(levelWords[level])}`),
    ...(files.length > 0 ? [output.pick({ en: `${files.length} receipts`, zh: `${files.length} 份回执` })] : []),
  ].join('\n');
