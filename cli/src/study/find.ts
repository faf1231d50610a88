import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { exit, Stop } from '../exit.ts';
import type { Output } from '../output.ts';

/** What a submitter points at: the sheets, and the files that lie beside them. */
export interface StudyFiles {
  readonly folder: string;
  readonly sheets: readonly string[];
  /** Path by plain name of everything that is no sheet. */
  readonly data: ReadonlyMap<string, string>;
  /** Names that stand in several folders: nobody can know which one a sheet means. */
  readonly ambiguous: ReadonlySet<string>;
}

const sheetName = /\.(?:tsv|csv|txt|xlsx|json|xml)$/i;
const entriesLimit = 100_000;

/** Finds the sheets and data files of a folder, or the data files beside the named sheets. Throws {@link Stop} when there is none. */
export function findStudy(paths: readonly string[], output: Output): StudyFiles {
  const sheets: string[] = [];
  const folders: string[] = [];
  const besides: string[] = [];
  for (const path of paths) {
    const kind = statSync(path, { throwIfNoEntry: false });
    if (!kind)
      throw new Stop(
        exit.usage,
        output.pick({ en: `No such file or folder: ${path}`, zh: `文件或目录不存在：${path}` }),
      );
    if (kind.isDirectory()) folders.push(resolve(path));
    else {
      sheets.push(resolve(path));
      besides.push(resolve(dirname(path)));
    }
  }
  const given = sheets.length > 0;
  const found = [
    ...folders.flatMap((folder) => filesOf(folder, 'below', output)),
    ...besides.flatMap((folder) => filesOf(folder, 'beside', output)),
  ];
  const data = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const path of new Set(found)) {
    const name = basename(path);
    if (sheetName.test(name)) {
      if (!given && folders.includes(dirname(path))) sheets.push(path);
    } else if (data.has(name)) ambiguous.add(name);
    else data.set(name, path);
  }
  if (sheets.length === 0) {
    throw new Stop(
      exit.faults,
      output.pick({
        en: `No sheet (TSV, CSV, XLSX, JSON, XML) in ${folders.join(', ')}. "geneward template" makes one.`,
        zh: `${folders.join('、')} 中没有表格（TSV、CSV、XLSX、JSON、XML）。可使用 “geneward template” 生成。`,
      }),
    );
  }
  return { folder: folders[0] ?? besides[0] ?? '.', sheets: [...new Set(sheets)].toSorted(), data, ambiguous };
}

/** Files in a folder: of a study folder with all below it, of a sheet's own folder only what lies beside the sheet. */
function filesOf(folder: string, reach: 'below' | 'beside', output: Output): string[] {
  const files = readdirSync(folder, { withFileTypes: true, recursive: reach === 'below' })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && !entry.name.endsWith('.part'))
    .map((entry) => join(entry.parentPath, entry.name));
  if (files.length > entriesLimit)
    throw new Stop(
      exit.usage,
      output.pick({
        en: `More than ${entriesLimit} files in ${folder}: name the study's own folder.`,
        zh: `${folder} 下文件超过 ${entriesLimit} 个，请指定研究数据所在目录。`,
      }),
    );
  return files;
}
