import type { Checklist } from '../checklist/checklist.ts';
import type { Validator } from '../checklist/compile.ts';
import { compileChecklist } from '../checklist/compile.ts';
import { builtInChecklists, checklistFor } from '../checklist/built-in.ts';
import { near } from '../suggest/distance.ts';
import { objectRules } from '../rules/catalogue/core.ts';
import { found } from '../rules/found.ts';
import type { Finding, Place } from '../rules/rule.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { checkFiles } from './check-files.ts';
import { checkLibrary, checkPairing } from './check-library.ts';
import { checkDistinct, checkGraph, checkParents, checkReferences } from './check-graph.ts';
import type { ArchiveRecord, ObjectType } from './record.ts';
import { objectModel } from './relations.ts';

/** What is known of an object outside the submission. */
export interface KnownObject {
  readonly umbrella?: boolean;
}

/** What checking a set of records needs to know. */
export interface RecordContext {
  /** `YYYY-MM-DD`. */
  readonly today: string;
  /** The built-in set when absent. */
  readonly taxonomy?: Taxonomy;
  /** Installed checklists; the built-in ones when absent. */
  readonly checklists?: readonly Checklist[];
  /** Finds an object of the archive by alias of the submitter or by accession; nothing is found when absent. */
  readonly lookup?: (type: ObjectType, target: string) => KnownObject | undefined;
}

/** Checks a submission that arrives record by record. */
export interface RecordChecker {
  /** Findings that the record shows by itself: fields, headers, title, number of parents, files. */
  readonly add: (record: ArchiveRecord) => Finding[];
  /** Findings that only the whole set shows: references, circles, umbrellas, samples alike, one file for a paired library. */
  readonly finish: () => Finding[];
}

/** Checks records one by one, keeping only names, references and digests, so that a large sheet needs little memory. */
export function recordChecker(context: RecordContext): RecordChecker {
  const checklists = context.checklists ?? builtInChecklists;
  const validators = new Map<Checklist, Validator>();
  const headersSeen = new Set<string>();
  const kept: ArchiveRecord[] = [];
  const firstAlias = new Map<string, number | undefined>();
  const firstAccession = new Map<string, number | undefined>();
  const files = checkFiles();
  const distinct = checkDistinct();

  const validatorOf = (checklist: Checklist): Validator => {
    const known = validators.get(checklist);
    if (known) return known;
    const made = compileChecklist(checklist, context);
    validators.set(checklist, made);
    return made;
  };

  const checkNames = (record: ArchiveRecord, where: Place, findings: Finding[]): void => {
    const { type, alias, accession } = record;
    if (!usableAlias(alias))
      findings.push(found(objectRules.alias, { ...where, column: 'alias' }, { value: alias, params: { type } }));
    else
      once(firstAlias, `${type} ${alias}`, record, (first) =>
        findings.push(
          found(objectRules.aliasTwice, { ...where, column: 'alias' }, { value: alias, params: { type, first } }),
        ),
      );
    if (accession !== undefined)
      once(firstAccession, accession, record, (first) =>
        findings.push(
          found(objectRules.accession, { ...where, column: 'accession' }, { value: accession, params: { first } }),
        ),
      );
    if (objectModel[type].title && (record.title ?? '').trim() === '')
      findings.push(found(objectRules.title, { ...where, column: 'title' }, { params: { type } }));
  };

  const checkFields = (record: ArchiveRecord, where: Place, findings: Finding[]): void => {
    const checklist = checklistFor(record, checklists);
    if (!checklist) {
      const ids = checklists.filter(({ object }) => object === record.type).map(({ id }) => id);
      const detail = {
        value: record.checklist,
        params: { type: record.type },
        suggestion: near(record.checklist ?? '', ids),
      };
      findings.push(found(objectRules.checklist, { ...where, column: 'checklist' }, detail));
      return;
    }
    const validator = validatorOf(checklist);
    const { row: _row, alias: _alias, ...sheet } = where;
    const fresh = Object.keys(record.attributes).filter((name) => {
      const key = `${checklist.id}\u0000${sheet.file ?? ''}\u0000${sheet.sheet ?? ''}\u0000${name}`;
      return !headersSeen.has(key) && headersSeen.add(key);
    });
    findings.push(...validator.headers(fresh, sheet), ...validator.validate({ ...record, place: where }));
  };

  const add = (record: ArchiveRecord): Finding[] => {
    const findings: Finding[] = [];
    const where = { ...record.place, alias: record.alias };
    checkNames(record, where, findings);
    checkFields(record, where, findings);
    checkParents(record, where, findings);
    checkLibrary(record, where, findings);
    files(record, where, findings);
    distinct.add(record);
    kept.push(slim(record));
    return findings;
  };

  const finish = (): Finding[] => [
    ...checkReferences(kept, context.lookup),
    ...checkGraph(kept, context.lookup),
    ...checkPairing(kept),
    ...distinct.finish(),
  ];

  return { add, finish };
}

/** Checks a whole set of records at once. Findings stand in the order of the records, those on the set at the end. */
export function validateRecords(records: Iterable<ArchiveRecord>, context: RecordContext): Finding[] {
  const checker = recordChecker(context);
  const findings: Finding[] = [];
  for (const record of records) for (const finding of checker.add(record)) findings.push(finding);
  for (const finding of checker.finish()) findings.push(finding);
  return findings;
}

const usableAlias = (alias: string): boolean =>
  alias.length <= 100 && alias.trim() === alias && /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u.test(alias);

function once(
  seen: Map<string, number | undefined>,
  key: string,
  record: ArchiveRecord,
  again: (first: number | string) => void,
): void {
  if (seen.has(key)) again(seen.get(key) ?? '?');
  else seen.set(key, record.place.row ?? record.place.line);
}

/** The part of a record that the graph needs. */
function slim(record: ArchiveRecord): ArchiveRecord {
  const { umbrella, library_layout: layout } = record.attributes;
  const attributes = {
    ...(umbrella !== undefined && { umbrella }),
    ...(layout !== undefined && { library_layout: layout }),
  };
  return { ...record, attributes, units: {} };
}
