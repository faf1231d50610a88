import { objectRules } from '../rules/catalogue/core.ts';
import { found } from '../rules/found.ts';
import type { Finding } from '../rules/rule.ts';
import { checkFiles } from './check-files.ts';
import { checkParents } from './check-graph.ts';
import { checkLibrary } from './check-library.ts';
import type { ArchiveRecord } from './record.ts';
import { objectModel } from './relations.ts';

/** An alias of 1 to 100 characters, without control characters and without blanks at its ends. */
export const usableAlias = (alias: string): boolean =>
  alias.length <= 100 && alias.trim() === alias && /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u.test(alias);

/**
 * What a record shows by itself besides its fields: alias, title, number of parents, instrument, files. For whoever keeps the
 * set of records elsewhere and asks there what only the set can tell.
 */
export function checkAlone(record: ArchiveRecord): Finding[] {
  const { type, alias } = record;
  const where = { ...record.place, alias };
  const findings: Finding[] = [];
  if (!usableAlias(alias))
    findings.push(found(objectRules.alias, { ...where, column: 'alias' }, { value: alias, params: { type } }));
  if (objectModel[type].title && (record.title ?? '').trim() === '')
    findings.push(found(objectRules.title, { ...where, column: 'title' }, { params: { type } }));
  checkParents(record, where, findings);
  checkLibrary(record, where, findings);
  checkFiles()(record, where, findings);
  return findings;
}
