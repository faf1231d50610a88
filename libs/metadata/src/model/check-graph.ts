import { objectRules } from '../rules/catalogue/core.ts';
import { found } from '../rules/found.ts';
import type { Finding, Place } from '../rules/rule.ts';
import { near } from '../suggest/distance.ts';
import type { KnownObject, RecordContext } from './check-records.ts';
import type { ArchiveRecord, ObjectType, Reference } from './record.ts';
import { objectModel } from './relations.ts';

type Lookup = RecordContext['lookup'];

const keyOf = (type: ObjectType, name: string): string => `${type} ${name}`;

/** Whether a record belongs to as many objects of each type as the object model says. */
export function checkParents({ type, references }: ArchiveRecord, where: Place, findings: Finding[]): void {
  for (const { target, min, max } of objectModel[type].parents) {
    const named = new Set(references.filter((r) => r.relation === 'part_of' && r.type === target).map((r) => r.target));
    const count = named.size;
    if (count >= min && count <= max) continue;
    const needs = max === min ? String(min) : max === Infinity ? `${min}+` : `${min}–${max}`;
    findings.push(
      found(
        count < min ? objectRules.tooFew : objectRules.tooMany,
        { ...where, column: target },
        { params: { type, target, count, needs } },
      ),
    );
  }
}

/** Records by what others may call them. */
function index(records: readonly ArchiveRecord[]): ReadonlyMap<string, ArchiveRecord> {
  const byName = new Map<string, ArchiveRecord>();
  for (const record of records) {
    if (record.accession !== undefined) byName.set(keyOf(record.type, record.accession), record);
    byName.set(keyOf(record.type, record.alias), record);
  }
  return byName;
}

/** References that lead nowhere, with the nearest alias of the submission as suggestion. */
export function checkReferences(records: readonly ArchiveRecord[], lookup: Lookup): Finding[] {
  const known = index(records);
  const aliases = new Map<ObjectType, string[]>();
  for (const { type, alias } of records) (aliases.get(type) ?? aliases.set(type, []).get(type))?.push(alias);
  const resolved = new Map<string, boolean>();
  const resolves = ({ type, target }: Reference): boolean => {
    const key = keyOf(type, target);
    if (known.has(key)) return true;
    const before = resolved.get(key);
    if (before !== undefined) return before;
    const found = lookup?.(type, target) !== undefined;
    resolved.set(key, found);
    return found;
  };
  return records.flatMap(({ references, place, alias }) =>
    references
      .filter((reference) => reference.relation !== 'cites' && !resolves(reference))
      .map(({ type, target }) => {
        const candidates = aliases.get(type) ?? [];
        const suggestion = candidates.length <= 2_000 ? near(target, candidates) : undefined;
        return found(
          objectRules.unresolved,
          { ...place, alias, column: type },
          { value: target, params: { target: type }, suggestion },
        );
      }),
  );
}

const saysUmbrella = ({ attributes }: ArchiveRecord): boolean => String(attributes['umbrella']).toLowerCase() === 'yes';

/** Umbrellas that carry data, parents that are none, and references that run in a circle. */
export function checkGraph(records: readonly ArchiveRecord[], lookup: Lookup): Finding[] {
  const known = index(records);
  const projectOf = (target: string): KnownObject | undefined => {
    const record = known.get(keyOf('project', target));
    return record ? { umbrella: saysUmbrella(record) } : lookup?.('project', target);
  };
  const onProjects = records.flatMap(({ type, references, place, alias }) =>
    references
      .filter((reference) => reference.relation === 'part_of' && reference.type === 'project')
      .flatMap(({ target }) => {
        const umbrella = projectOf(target)?.umbrella;
        const at = { ...place, alias, column: 'project' };
        if (type === 'project')
          return umbrella === false ? [found(objectRules.notUmbrella, at, { value: target })] : [];
        return umbrella === true ? [found(objectRules.umbrella, at, { value: target, params: { type } })] : [];
      }),
  );
  return [...onProjects, ...circles(records, known)];
}

/** Depth-first search (Tarjan 1972, with an explicit stack): each circle is told once, where it was entered. */
function circles(records: readonly ArchiveRecord[], known: ReadonlyMap<string, ArchiveRecord>): Finding[] {
  const state = new Map<ArchiveRecord, 'open' | 'done'>();
  const findings: Finding[] = [];
  const next = (record: ArchiveRecord): ArchiveRecord[] =>
    record.references
      .filter(({ relation }) => relation !== 'cites')
      .flatMap(({ type, target }) => known.get(keyOf(type, target)) ?? []);
  for (const start of records) {
    if (state.has(start)) continue;
    const path = [{ record: start, waiting: next(start) }];
    state.set(start, 'open');
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const step = top.waiting.pop();
      if (!step) {
        state.set(top.record, 'done');
        path.pop();
      } else if (state.get(step) === 'open') {
        const entry = path.findIndex(({ record }) => record === step);
        const names = [...path.slice(entry).map(({ record }) => record.alias), step.alias];
        findings.push(
          found(
            objectRules.cycle,
            { ...step.place, alias: step.alias },
            { params: { path: names.slice(0, 20).join(' → ') } },
          ),
        );
      } else if (!state.has(step)) {
        state.set(step, 'open');
        path.push({ record: step, waiting: next(step) });
      }
    }
  }
  return findings;
}

/** Samples that differ in nothing but name, title and description; each is compared with the first of its kind. */
export function checkDistinct(): { add: (record: ArchiveRecord) => void; finish: () => Finding[] } {
  const firsts = new Map<string, string>();
  const alike: { record: Pick<ArchiveRecord, 'place' | 'alias'>; other: string }[] = [];
  return {
    add: (record) => {
      if (record.type !== 'sample') return;
      const cells = Object.entries(record.attributes)
        .filter(([name, value]) => name !== 'description' && name !== 'sample_description' && value.length > 0)
        .toSorted(([a], [b]) => (a < b ? -1 : 1));
      const key = JSON.stringify([record.checklist ?? '', cells, record.units ?? {}]);
      const other = firsts.get(key);
      if (other === undefined) firsts.set(key, record.alias);
      else if (other !== record.alias) alike.push({ record: { place: record.place, alias: record.alias }, other });
    },
    finish: () =>
      alike.map(({ record: { place, alias }, other }) =>
        found(objectRules.indistinct, { ...place, alias }, { params: { other } }),
      ),
  };
}
