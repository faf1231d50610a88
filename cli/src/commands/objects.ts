import { randomUUID } from 'node:crypto';
import { objectRoutes, type ChangedObjects, type Client } from '@geneward/api';
import type { Command } from 'commander';
import { action } from '../command.ts';
import { columns, type Output } from '../output.ts';

interface Change {
  reason: string;
  all?: boolean;
  replacedBy?: string[];
}

/** Acts on objects that have an accession: release, hold, suppress, withdraw, cite. */
export function objects(program: Command): void {
  const below = ['--all', 'with everything that stands on it, e.g. a whole project 包括其下全部对象'] as const;
  program
    .command('release <accession>')
    .description('release a held object now 立即公开')
    .option(...below)
    .action(
      action(async ({ output, client }, accession: string, options: { all?: boolean }) => {
        const given = await target(client(), accession);
        print(
          await client().call(objectRoutes.releaseObject, {
            ...given,
            body: { below: options.all ?? false },
            idempotencyKey: randomUUID(),
          }),
          output,
        );
      }),
    );
  program
    .command('hold <accession> <date>')
    .description('move the release date (YYYY-MM-DD) 调整公开日期')
    .option(...below)
    .action(
      action(async ({ output, client }, accession: string, releaseOn: string, options: { all?: boolean }) => {
        print(
          await client().call(objectRoutes.holdObject, {
            ...(await target(client(), accession)),
            body: { releaseOn, below: options.all ?? false },
          }),
          output,
        );
      }),
    );
  program
    .command('suppress <accession>')
    .description('take a released object out of search; it stays readable by accession 从检索中移除')
    .requiredOption('--reason <text>', 'why 理由')
    .option(...below)
    .action(
      action(async ({ output, client }, accession: string, { reason, all }: Change) => {
        print(
          await client().call(objectRoutes.suppressObject, {
            ...(await target(client(), accession)),
            body: { reason, below: all ?? false },
          }),
          output,
        );
      }),
    );
  program
    .command('restore <accession>')
    .description('put a suppressed object back into search 恢复检索')
    .action(
      action(async ({ output, client }, accession: string) => {
        print(await client().call(objectRoutes.restoreObject, await target(client(), accession)), output);
      }),
    );
  program
    .command('withdraw <accession>')
    .description('withdraw for good; a tombstone stays 永久撤回')
    .requiredOption('--reason <text>', 'why 理由')
    .option('--replaced-by <accession...>', 'what takes its place 替代对象')
    .option(...below)
    .action(
      action(async ({ output, client }, accession: string, { reason, all, replacedBy = [] }: Change) => {
        print(
          await client().call(objectRoutes.withdrawObject, {
            ...(await target(client(), accession)),
            body: { reason, replacedBy, below: all ?? false },
          }),
          output,
        );
      }),
    );
  program
    .command('cite <accession> <doi>')
    .description('tell that a publication cites it; it is released at once 登记引用并公开')
    .action(
      action(async ({ output, client }, accession: string, doi: string) => {
        print(
          await client().call(objectRoutes.citeObject, {
            params: { object: accession },
            body: { doi },
            idempotencyKey: randomUUID(),
          }),
          output,
        );
      }),
    );
}

/** The object as it stands now: a change that somebody else makes in between is refused, not overwritten. */
async function target(client: Client, accession: string): Promise<{ params: { object: string }; ifMatch: string }> {
  const response = await client.raw(objectRoutes.getObject, { params: { object: accession } });
  await response.body?.cancel();
  return { params: { object: accession }, ifMatch: response.headers.get('etag') ?? '' };
}

function print(changed: ChangedObjects, output: Output): void {
  output.result(changed, ({ count, objects: list }) =>
    [
      output.pick({ en: `${count} objects changed`, zh: `已更改 ${count} 个对象` }),
      columns(list.slice(0, 50).map((it) => [it.accession ?? '', it.type, it.status, it.alias])),
    ].join('\n'),
  );
}
