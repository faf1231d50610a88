import type { Command } from 'commander';
import { action } from '../command.ts';
import { exit } from '../exit.ts';
import { printFindings } from '../findings.ts';
import type { Output } from '../output.ts';
import { checkStudy, type CheckedStudy } from '../study/check.ts';
import { findStudy } from '../study/find.ts';
import { openReference } from '../study/reference.ts';

export function validate(program: Command): void {
  program
    .command('validate <path...>')
    .description('check a study folder, or sheets, without sending anything 离线检查')
    .option('--no-reads', 'leave the data files unread 不读取数据文件')
    .option('--reference <fasta>', 'hold REF of VCF files against it 以参考序列核对 VCF 的 REF')
    .action(
      action(async ({ output }, paths: string[], options: { reads: boolean; reference?: string }) => {
        const found = findStudy(paths, output);
        const reference = options.reference === undefined ? undefined : await openReference(options.reference, output);
        const study = await checkStudy(found, { output, reads: options.reads, reference });
        output.result(reportOf(study), () => printReport(study, output));
        return study.errors > 0 ? exit.faults : exit.done;
      }),
    );
}

/** What a program gets of a local check. */
export function reportOf(study: CheckedStudy) {
  const { errors, warnings, findings, records, files } = study;
  return {
    accepted: errors === 0,
    errors,
    warnings,
    findings,
    objects: Object.fromEntries(
      [...Map.groupBy(records, (record) => record.type)].map(([type, list]) => [type, list.length]),
    ),
    files: [...files.values()].map(({ name, size, md5, sha256, fastq }) => ({
      name,
      size,
      md5,
      sha256,
      ...(fastq && { reads: fastq.statistics.reads }),
    })),
  };
}

/** Every finding, then one line that sums up. */
export function printReport(study: CheckedStudy, output: Output): string {
  const { errors, warnings, findings, records, files } = study;
  const sum = output.pick({
    en: `${records.length} objects, ${files.size} files: ${errors} errors, ${warnings} warnings`,
    zh: `${records.length} 个对象，${files.size} 个文件：${errors} 个错误，${warnings} 个警告`,
  });
  return [...(findings.length > 0 ? [printFindings(findings, output)] : []), sum].join('\n');
}
