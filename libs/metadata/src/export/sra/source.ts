import type { ArchiveRecord, ObjectType } from '../../model/record.ts';
import { checklistTags } from '../../intake/sra/gather.ts';
import type { Lose } from '../loss.ts';
import type { Node } from './node.ts';
import { leaf, node, unwritable } from './node.ts';

/** A record of which a writer takes fields; what is left becomes tag-value attributes. */
export interface RecordSource {
  readonly record: ArchiveRecord;
  /** The single value of a field, which is then written. Several values are left for the tags. */
  readonly take: (field: string) => string | undefined;
  readonly takeAll: (field: string) => readonly string[];
  /** NCBI identifier of a scientific name, where the caller knows it. */
  readonly taxonId: (name: string) => string | undefined;
  readonly lose: (field: string, reason: Parameters<Lose>[2], value?: string) => void;
  /** X_ATTRIBUTES of all fields that nobody took. */
  readonly restOf: (word: string) => Node | undefined;
}

/** Opens a record for writing and reports the characters that XML cannot hold. */
export function sourceOf(
  record: ArchiveRecord,
  lose: Lose,
  taxonId: (name: string) => number | undefined,
): RecordSource {
  const fields = new Map(
    Object.entries(record.attributes).map(([name, value]) => [name, typeof value === 'string' ? [value] : value]),
  );
  for (const [name, values] of [
    ...fields,
    ['title', [record.title ?? '']] as const,
    ['alias', [record.alias]] as const,
  ])
    if (unwritable(name) || values.some(unwritable)) lose(record, name, 'characters');
  const takeAll = (field: string): readonly string[] => {
    const values = record.units?.[field] === undefined ? fields.get(field) : undefined;
    if (values) fields.delete(field);
    return values ?? [];
  };
  return {
    record,
    takeAll,
    take: (field) => ((fields.get(field)?.length ?? 0) > 1 ? undefined : takeAll(field)[0]),
    taxonId: (name) => taxonId(name)?.toString(),
    lose: (field, reason, value) => lose(record, field, reason, value),
    restOf: (word) => {
      const tags = [
        ...checklistTag(record, word),
        ...[...fields].flatMap(([name, values]) => values.map((value) => tag(word, name, value, record.units?.[name]))),
        ...unitsAlone(record, word),
      ];
      return tags.length === 0 ? undefined : node(`${word}_ATTRIBUTES`, {}, tags);
    },
  };
}

const tag = (word: string, name: string, value: string | undefined, units: string | undefined): Node =>
  node(`${word}_ATTRIBUTE`, {}, [leaf('TAG', name), leaf('VALUE', value), leaf('UNITS', units)]);

function checklistTag({ checklist }: ArchiveRecord, word: string): readonly Node[] {
  if (checklist === undefined) return [];
  const [ena, own] = checklistTags;
  return [tag(word, /^ERC\d{6}$/.test(checklist) ? ena : own, checklist, undefined)];
}

const unitsAlone = ({ units = {}, attributes }: ArchiveRecord, word: string): readonly Node[] =>
  Object.entries(units).flatMap(([name, unit]) =>
    Object.hasOwn(attributes, name) ? [] : [tag(word, name, undefined, unit)],
  );

const accession = /^((PRJ(EB|DB|NA)\d+)|([EDS]R[APRSXZ]\d{6,})|(SAM(EA|D|N)\d+))$/;

/** Whether INSDC gave this accession. */
export const isInsdcAccession = (target: string): boolean => accession.test(target);

/** Attributes of the object element itself. */
export const objectAttributes = (source: RecordSource): Readonly<Record<string, string | undefined>> => ({
  alias: source.record.alias,
  center_name: source.take('center_name'),
  broker_name: source.take('broker_name'),
  accession: source.record.accession,
});

/** An X_REF element: by accession for INSDC's own, by name otherwise. */
export const referenceNode = (name: string, target: string): Node =>
  node(name, isInsdcAccession(target) ? { accession: target } : { refname: target });

/** Targets of the part-of references to one kind of object; all other references are lost, and said to be. */
export function partsOf(
  source: RecordSource,
  ...carried: readonly ObjectType[]
): (type: ObjectType) => readonly string[] {
  for (const { relation, type, target } of source.record.references)
    if (relation !== 'part_of' || !carried.includes(type))
      source.lose(relation === 'part_of' ? type : relation, 'no_place', target);
  return (type) =>
    source.record.references
      .filter((ref) => ref.relation === 'part_of' && ref.type === type)
      .map(({ target }) => target);
}
