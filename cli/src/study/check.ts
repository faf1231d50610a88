import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { ruleCatalogue, submissionRules, type FindingView } from '@geneward/api';
import type { Reference } from '@geneward/formats';
import { found, readSubmission, render, type ArchiveRecord, type DeclaredFile, type Finding } from '@geneward/metadata';
import type { Output } from '../output.ts';
import { eachOf, showProgress } from '../progress.ts';
import { checkFile, checkRuns, type CheckedFile } from './check-reads.ts';
import { checkRecords } from './check-records.ts';
import type { StudyFiles } from './find.ts';

/** A study after the local check. */
export interface CheckedStudy {
  readonly records: readonly ArchiveRecord[];
  /** Data files that the sheets name, by name. */
  readonly files: ReadonlyMap<string, CheckedFile>;
  readonly findings: readonly FindingView[];
  readonly errors: number;
  readonly warnings: number;
}

/** Checks all sheets and all files that they name, and gives every finding at once; nothing is sent. */
export async function checkStudy(
  study: StudyFiles,
  options: { output: Output; reads: boolean; content?: boolean; reference?: Reference | undefined },
): Promise<CheckedStudy> {
  const findings: Finding[] = [];
  const records: ArchiveRecord[] = [];
  for await (const item of readSubmission(
    study.sheets.map((path) => ({ name: basename(path), bytes: createReadStream(path) })),
  )) {
    if ('record' in item) records.push(item.record);
    else if ('finding' in item) findings.push(item.finding);
  }
  findings.push(...checkRecords(records, new Date()));
  const files = new Map<string, CheckedFile>();
  if (options.reads) {
    await readFiles(records, study, files, options);
    findings.push(
      ...checkDeclared(records, study, files),
      ...[...files.values()].flatMap((file) => file.findings),
      ...checkRuns(records, files),
    );
  }
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length;
  return {
    records,
    files,
    errors: count('error'),
    warnings: count('warning'),
    findings: findings.map((finding) => view(finding, options.output)),
  };
}

async function readFiles(
  records: readonly ArchiveRecord[],
  study: StudyFiles,
  files: Map<string, CheckedFile>,
  { output, content = true, reference }: { output: Output; content?: boolean; reference?: Reference | undefined },
): Promise<void> {
  const declared = new Map(records.flatMap((record) => record.files.map((file) => [file.name, file] as const)));
  const checked = new Map<string, CheckedFile>();
  const paths = [...declared.keys()].flatMap((name) => (study.ambiguous.has(name) ? [] : (study.data.get(name) ?? [])));
  const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0);
  const progress = showProgress(output, { phase: 'check', files: paths.length, bytes });
  try {
    await eachOf([...declared.values()], 2, async (file) => {
      const path = study.ambiguous.has(file.name) ? undefined : study.data.get(file.name);
      if (path !== undefined)
        checked.set(file.name, await checkFile(path, content ? file.format : undefined, progress, reference));
    });
  } finally {
    progress.close();
  }
  // In the order of the sheets, whichever was read first.
  for (const name of declared.keys()) {
    const file = checked.get(name);
    if (file) files.set(name, file);
  }
}

/** What sheets say of files against the files, and files that no sheet names. */
function checkDeclared(
  records: readonly ArchiveRecord[],
  study: StudyFiles,
  files: ReadonlyMap<string, CheckedFile>,
): Finding[] {
  const named = new Set<string>();
  const findings = records.flatMap((record) =>
    record.files.flatMap((declared) => {
      named.add(declared.name);
      return checkAgainst(record, declared, files.get(declared.name));
    }),
  );
  for (const name of study.data.keys()) {
    if (!named.has(name) && /\.(?:fastq|fq|bam|cram)(?:\.\w+)?$/i.test(name))
      findings.push(found(submissionRules.fileBeside, { file: name }, { value: name }));
  }
  return findings;
}

function checkAgainst(record: ArchiveRecord, declared: DeclaredFile, file: CheckedFile | undefined): Finding[] {
  const place = { ...record.place, alias: record.alias, column: 'file_name' };
  if (!file) return [found(submissionRules.fileMissing, place, { value: declared.name })];
  return (['md5', 'sha256'] as const).flatMap((algorithm) => {
    const said = declared[algorithm]?.toLowerCase();
    if (said === undefined || said === file[algorithm]) return [];
    return [
      found(
        submissionRules.fileMismatch,
        { ...place, column: algorithm },
        {
          value: said,
          params: { file: declared.name, algorithm, declared: said, received: file[algorithm] },
          suggestion: file[algorithm],
        },
      ),
    ];
  });
}

function view(finding: Finding, output: Output): FindingView {
  const { code, level, place, value, suggestion } = finding;
  return { code, level, place, value, suggestion, ...render(finding, output.language, ruleCatalogue) };
}
