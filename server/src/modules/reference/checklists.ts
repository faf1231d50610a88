import { builtInChecklists, generalSampleType, type Checklist, type ObjectType } from '@geneward/metadata';
import type { Db } from '../../platform/db.ts';
import { checklistMark, importedChecklists } from './store-checklist.ts';

/** All checklists of an installation by id. */
export type ChecklistBook = ReadonlyMap<string, Checklist>;

/** The checklists that are part of the program; an imported one cannot take the place of one of them. */
export const builtIn: ChecklistBook = new Map(builtInChecklists.map((checklist) => [checklist.id, checklist]));

/** The checklist of records that name none. */
export function defaultChecklist(type: ObjectType): string | undefined {
  if (type === 'sample') return generalSampleType;
  return builtInChecklists.find((checklist) => checklist.object === type)?.id;
}

/** The mark tells the content, so whoever has read it once has read it for all. */
let kept: { readonly mark: string; readonly book: ChecklistBook } | undefined;

/** Built-in and imported checklists, read again only when an import has changed them. */
export async function checklistBook(db: Db): Promise<ChecklistBook> {
  const mark = await checklistMark(db);
  if (kept?.mark === mark) return kept.book;
  const imported = await importedChecklists(db);
  const book: ChecklistBook = new Map([...imported.map((one) => [one.id, one] as const), ...builtIn]);
  kept = { mark, book };
  return book;
}
