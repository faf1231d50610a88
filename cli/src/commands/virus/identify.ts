import type { Command } from 'commander';
import { identify as alike, readFasta } from '@geneward/phylo';
import { action } from '../../command.ts';
import { exit } from '../../exit.ts';
import { knownViruses } from '../../virus/datasets.ts';
import { openBytes } from '../../virus/files.ts';
import { inFile, saying, viewOf } from '../../virus/saying.ts';

export function identify(program: Command): void {
  program
    .command('identify <fasta>')
    .description('which virus each genome is of, among the installed data sets 识别病毒种类')
    .action(
      action(async ({ output }, path: string) =>
        saying(output, async () => {
          const known = await knownViruses();
          const told: object[] = [];
          let none = 0;
          await inFile(path, async () => {
            for await (const { name, line, bases, problem } of readFasta(openBytes(path).bytes)) {
              const likenesses = problem ? [] : alike(bases, known);
              const [best] = likenesses;
              if (!best) none += 1;
              const percent = best ? `${Math.round(best.share * 100)} %` : '';
              output.say(`${name}\t${best?.id ?? '-'}\t${problem ? viewOf(problem.finding, output).message : percent}`);
              if (output.json)
                told.push({
                  name,
                  line,
                  virus: best?.id ?? null,
                  likenesses,
                  ...(problem && { finding: viewOf(problem.finding, output) }),
                });
            }
          });
          output.result(told, () => undefined);
          return none > 0 ? exit.faults : exit.done;
        }),
      ),
    );
}
