import { foldName } from '../../checklist/header.ts';
import type { ObjectType } from '../../model/record.ts';
import type { Table } from '../table.ts';
import { typeOfName, typeWithinName } from './names.ts';

/** Whose habits a table follows: ours, or those of the templates of ena-upload-cli. */
export type Dialect = 'geneward' | 'ena';

const telling: readonly (readonly [ObjectType, RegExp])[] = [
  ['run', /^file ?name( ?1)?$|^文件名$/u],
  ['experiment', /^library (strategy|source|selection)$|^文库(策略|来源)$/u],
  ['assembly', /^assembly (type|level)$/u],
  ['sample', /^(tax(on)? ?id|scientific name|organism|物种|物种名称)$/u],
  ['project', /^(study (type|abstract)|relevance|sample scope)$/u],
];

/** Tells the kind of object of a table: by the name of its sheet, its file, its columns, or a longer file name. */
export function typeOfTable(table: Table): ObjectType | undefined {
  const { sheet, file = '' } = table.place;
  const base = file.replace(/^.*[/\\]/u, '').replace(/\.[^.]*$/u, '');
  const named = sheet === undefined ? typeOfName(base) : typeOfName(sheet);
  if (named) return named;
  const headers = table.columns.map(({ header }) => foldName(header.replaceAll('*', '')));
  const told = telling.find(([, pattern]) => headers.some((header) => pattern.test(header)))?.[0];
  return told ?? (sheet === undefined ? typeWithinName(base) : undefined);
}

const enaHeader =
  /^(study alias|experiment alias|sample description|study abstract|file checksum|sample attribute ?\[.*\])$/su;

/** Recognises the tables of ena-upload-cli by columns that only they have. */
export const dialectOf = (table: Table): Dialect =>
  table.columns.some(({ header }) => enaHeader.test(foldName(header))) ? 'ena' : 'geneward';
