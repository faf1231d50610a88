import {
  checkAlone,
  compileChecklist,
  fieldsOf,
  found,
  near,
  objectRules,
  type ArchiveRecord,
  type Checklist,
  type Finding,
  type Taxonomy,
  type Validator,
} from '@geneward/metadata';
import type { Db } from '../../../platform/db.ts';
import { checklistBook, defaultChecklist, organisms, type ChecklistBook } from '../../reference/index.ts';

/** Judges records by themselves, some at a time. It keeps what it learns, so one serves a sheet or a request. */
export interface Judge {
  readonly book: ChecklistBook;
  judge(records: readonly ArchiveRecord[]): Promise<Finding[]>;
}

interface Compiled {
  readonly validator: Validator;
  /** Columns that hold organisms, by how they name them. */
  readonly named: readonly string[];
  readonly numbered: readonly string[];
}

/** A judge that knows the checklists and organisms of the installation as they are now. */
export async function openJudge(db: Db, now: Date): Promise<Judge> {
  const book = await checklistBook(db);
  const known = await organisms(db);
  const shelf = shelfFor(book, known.taxonomy, now.toISOString().slice(0, 10));
  const headers = new Set<string>();

  return {
    book,
    async judge(records) {
      const names = new Set<string>();
      const ids = new Set<number>();
      for (const record of records) {
        const by = shelf(record);
        for (const text of textsOf(record, by?.named ?? [])) names.add(text);
        for (const text of textsOf(record, by?.numbered ?? [])) if (/^\d{1,8}$/.test(text)) ids.add(Number(text));
      }
      await known.prepare(db, names, ids);
      return records.flatMap((record) => {
        const by = shelf(record);
        return [...checkAlone(record), ...(by ? judgeFields(record, by, headers) : [unknownChecklist(record, book)])];
      });
    },
  };
}

type Shelf = (record: ArchiveRecord) => Compiled | undefined;

/** Compiled checklists that are kept at most; compiling one costs as much as judging hundreds of records. */
const shelfSize = 32;
let kept: { book: ChecklistBook; taxonomy: Taxonomy; today: string; shelf: Shelf } | undefined;

/** Compiled checklists by record. They serve one request after another until the day, the checklists or the organisms change. */
function shelfFor(book: ChecklistBook, taxonomy: Taxonomy, today: string): Shelf {
  if (kept?.book === book && kept.taxonomy === taxonomy && kept.today === today) return kept.shelf;
  const compiled = new Map<string, Compiled>();
  const shelf: Shelf = (record) => {
    const id = record.checklist || defaultChecklist(record.type);
    const checklist = book.get(id ?? '');
    if (id === undefined || checklist?.object !== record.type) return undefined;
    const before = compiled.get(id);
    if (before) return before;
    const fresh = compile(checklist, compileChecklist(checklist, { today, taxonomy }));
    if (compiled.size >= shelfSize) compiled.clear();
    compiled.set(id, fresh);
    return fresh;
  };
  kept = { book, taxonomy, today, shelf };
  return shelf;
}

function compile(checklist: Checklist, validator: Validator): Compiled {
  const columns = (by: 'name' | 'id') =>
    fieldsOf(checklist).flatMap(({ name, synonyms = [], type }) =>
      type.kind === 'taxon' && type.by === by ? [name, ...synonyms] : [],
    );
  return { validator, named: columns('name'), numbered: columns('id') };
}

/** @param headers column names that were judged already, by checklist */
function judgeFields(record: ArchiveRecord, { validator }: Compiled, headers: Set<string>): Finding[] {
  const keyOf = (name: string) => `${validator.checklist.id} ${name}`;
  const fresh = Object.keys(record.attributes).filter((name) => !headers.has(keyOf(name)));
  for (const name of fresh) headers.add(keyOf(name));
  const { alias: _alias, row: _row, line: _line, ...table } = record.place;
  const findings = validator.validate({ ...record, place: { ...record.place, alias: record.alias } });
  return fresh.length === 0 ? findings : [...validator.headers(fresh, table), ...findings];
}

function unknownChecklist({ type, checklist = '', place, alias }: ArchiveRecord, book: ChecklistBook): Finding {
  const ids = [...book.values()].filter(({ object }) => object === type).map(({ id }) => id);
  return found(
    objectRules.checklist,
    { ...place, alias, column: 'checklist' },
    { value: checklist, params: { type }, suggestion: near(checklist, ids) },
  );
}

function textsOf({ attributes }: ArchiveRecord, columns: readonly string[]): string[] {
  return columns.flatMap((column) => attributes[column] ?? []);
}
