import type {
  Checklist,
  Choice,
  Condition,
  Field,
  FieldGroup,
  FieldType,
  Requirement,
  Restriction,
} from '../checklist/checklist.ts';
import { compileCondition } from '../checklist/condition.ts';
import { compilePattern } from '../checklist/pattern.ts';
import type { ObjectType } from '../model/record.ts';
import { readNull } from '../value/null-term.ts';
import { labelFor, strictType } from './known-fields.ts';
import type { Element } from './xml-tree.ts';
import { childOf, childrenOf, descendants, ImportProblem, readXmlTree, textOf } from './xml-tree.ts';

/** Something of the source that the checklist cannot carry, or carries otherwise. */
export interface ImportNote {
  readonly checklist: string;
  readonly field?: string;
  readonly reason: 'pattern' | 'condition' | 'strict' | 'type';
  readonly text: string;
}

/** Checklists read from a document, and what was lost or changed on the way. */
export interface Imported {
  readonly checklists: readonly Checklist[];
  readonly notes: readonly ImportNote[];
}

/**
 * Reads ENA checklists: the archive's own `CHECKLIST_SET` (SRA/ENA checklist schema), or the `SAMPLE_SET` templates that
 * ena-upload-cli keeps of them, which know names, mandate and units only. `id` names a template's checklist, as the
 * template does not. Throws `ImportProblem`.
 */
export function importEnaChecklists(xml: string, id: string): Imported {
  const document = readXmlTree(xml);
  const notes: ImportNote[] = [];
  if (document.name === 'SAMPLE_SET') return { checklists: [readTemplate(document, id)], notes };
  const checklists = document.name === 'CHECKLIST' ? [document] : [...descendants(document, 'CHECKLIST')];
  if (checklists.length === 0) throw new ImportProblem('kind', `<${document.name}> holds no checklist`);
  return { checklists: checklists.map((checklist) => readChecklist(checklist, notes)), notes };
}

const both = (text: string): { en: string; zh: string } => ({ en: text, zh: text });

const objectTypes: Readonly<Record<string, ObjectType>> = {
  Sample: 'sample',
  Sequence: 'sequence',
  Study: 'project',
  Analysis: 'analysis',
};

function readChecklist(element: Element, notes: ImportNote[]): Checklist {
  const id = element.attributes['accession'] ?? 'unnamed';
  const descriptor = childOf(element, 'DESCRIPTOR') ?? element;
  const groups = [...descendants(descriptor, 'FIELD_GROUP')].map((group) => readGroup(group, id, notes));
  const loose = childrenOf(descriptor, 'FIELD').map((field) => readField(field, id, notes));
  return {
    id,
    version: element.attributes['version'] ?? '1',
    object: objectTypes[element.attributes['checklistType'] ?? 'Sample'] ?? 'sample',
    label: both(textOf(descriptor, 'LABEL') ?? textOf(descriptor, 'NAME') ?? id),
    description: both(textOf(descriptor, 'DESCRIPTION') ?? ''),
    authority: textOf(descriptor, 'AUTHORITY') ?? 'ENA',
    groups:
      loose.length > 0
        ? [...groups, { name: 'fields', label: { en: 'Fields', zh: '字段' }, restriction: 'any', fields: loose }]
        : groups,
    conditions: [...descendants(descriptor, 'CONDITION')].flatMap((condition) => readCondition(condition, id, notes)),
  };
}

const restrictions: readonly (readonly [string, Restriction])[] = [
  ['one or none', 'oneOrNone'],
  ['at least one', 'atLeastOne'],
  ['any number', 'any'],
  ['one', 'one'],
];

function readGroup(element: Element, checklist: string, notes: ImportNote[]): FieldGroup {
  const name = textOf(element, 'NAME') ?? 'fields';
  const restriction = (element.attributes['restrictionType'] ?? '').toLowerCase();
  return {
    name,
    label: both(name),
    restriction: restrictions.find(([start]) => restriction.startsWith(start))?.[1] ?? 'any',
    fields: childrenOf(element, 'FIELD').map((field) => readField(field, checklist, notes)),
  };
}

/** Submitters write a field's LABEL; its NAME is the underscored form. */
function readField(element: Element, checklist: string, notes: ImportNote[]): Field {
  const label = textOf(element, 'LABEL') ?? textOf(element, 'NAME') ?? 'unnamed';
  const name = textOf(element, 'NAME');
  const synonyms = [
    ...(name !== undefined && name !== label ? [name] : []),
    ...childrenOf(element, 'SYNONYM').map(({ text }) => text),
  ];
  const units = [...descendants(element, 'UNIT')].map(({ text }) => text).filter((unit) => unit !== '');
  const mandate = (textOf(element, 'MANDATORY') ?? 'optional').toLowerCase();
  const requirement: Requirement = mandate === 'mandatory' || mandate === 'recommended' ? mandate : 'optional';
  const note = (reason: ImportNote['reason'], text: string): void =>
    void notes.push({ checklist, field: label, reason, text });
  return {
    name: label,
    label: labelFor(label, label),
    description: both(textOf(element, 'DESCRIPTION') ?? ''),
    requirement,
    type: readType(label, childOf(element, 'FIELD_TYPE'), note),
    ...(synonyms.length > 0 && { synonyms }),
    ...(units.length > 0 && { units }),
    ...(textOf(element, 'MULTIPLICITY')?.toLowerCase() === 'multiple' && { multiple: true }),
    ...(/collection date|country and\/or sea/.test(label) &&
      requirement === 'mandatory' && { nulls: 'reported' as const }),
  };
}

type Note = (reason: ImportNote['reason'], text: string) => void;

function readType(name: string, element: Element | undefined, note: Note): FieldType {
  const type = element?.children[0];
  if (type?.name === 'TEXT_CHOICE_FIELD') return { kind: 'choice', values: readChoices(type) };
  const strictly = strictType(name);
  if (strictly) {
    note('strict', 'judged by strict semantics instead of its pattern');
    return strictly;
  }
  if (!type) return { kind: 'text' };
  switch (type.name) {
    case 'TEXT_AREA_FIELD':
      return { kind: 'textArea', ...lengths(type) };
    case 'DATE_FIELD':
      return { kind: 'date', ranges: true };
    case 'TAXON_FIELD':
      return readTaxonField(type);
    case 'ONTOLOGY_FIELD':
      return { kind: 'ontology', ontologies: [...descendants(type, 'ONTOLOGY_ID')].map(({ text }) => text) };
    case 'TEXT_FIELD':
      return readTextField(type, note);
    default:
      note('type', `unknown field type ${type.name}`);
      return { kind: 'text' };
  }
}

function readTextField(type: Element, note: Note): FieldType {
  const pattern = textOf(type, 'REGEX_VALUE');
  if (pattern === undefined) return { kind: 'text', ...lengths(type) };
  const compiled = compilePattern(pattern);
  if (compiled.ok) return { kind: 'text', ...lengths(type), pattern };
  note('pattern', `${compiled.reason}: ${pattern.slice(0, 200)}`);
  return { kind: 'text', ...lengths(type) };
}

/** Values without INSDC null terms: these follow from the null policy of the field. */
const readChoices = (type: Element): Choice[] =>
  childrenOf(type, 'TEXT_VALUE')
    .map((entry): Choice => {
      const synonyms = childrenOf(entry, 'SYNONYM').map(({ text }) => text);
      return { value: textOf(entry, 'VALUE') ?? '', ...(synonyms.length > 0 && { synonyms }) };
    })
    .filter(({ value }) => value !== '' && readNull(value) === undefined);

function readTaxonField(type: Element): FieldType {
  const taxa = [...descendants(type, 'TAXON')];
  const ids = (restriction: string): number[] =>
    taxa
      .filter(({ attributes }) =>
        (attributes['restrictionType'] ?? 'Permitted taxa').toLowerCase().startsWith(restriction),
      )
      .map((taxon) => Number(textOf(taxon, 'TAXON_ID') ?? taxon.attributes['taxonId'] ?? taxon.text))
      .filter(Number.isSafeInteger);
  return { kind: 'taxon', by: 'name', permitted: ids('permitted'), notPermitted: ids('not permitted') };
}

function lengths(type: Element): { minLength?: number; maxLength?: number } {
  const [min, max] = [Number(textOf(type, 'MIN_LENGTH')), Number(textOf(type, 'MAX_LENGTH'))];
  return { ...(min > 0 && { minLength: min }), ...(max > 0 && { maxLength: max }) };
}

function readCondition(element: Element, checklist: string, notes: ImportNote[]): Condition[] {
  const [label = '', expression = '', error = ''] = ['LABEL', 'EXPRESSION', 'ERROR'].map((name) =>
    textOf(element, name),
  );
  const compiled = compileCondition(expression);
  if (compiled.ok) return [{ label, expression, error: both(error) }];
  notes.push({ checklist, reason: 'condition', text: `${compiled.reason}: ${expression.slice(0, 200)}` });
  return [];
}

const column = /^(mandatorytest|attributetest)\(row, '((?:[^'\\]|\\.)+)'/;

function readTemplate(document: Element, id: string): Checklist {
  const fields: Field[] = [];
  for (const test of descendants(document, 'py:if')) {
    const match = column.exec(test.attributes['test'] ?? '');
    if (!match) continue;
    const name = (match[2] ?? '').replaceAll("\\'", "'");
    if (name === 'title') continue;
    const units = [...descendants(test, 'UNITS')].map(({ text }) => text).filter((unit) => unit !== '');
    fields.push(templateField(name, match[1] === 'mandatorytest' ? 'mandatory' : 'optional', units));
  }
  // ena-upload-cli fills in whichever of name and identifier is missing.
  const organism: FieldGroup = {
    name: 'organism',
    label: { en: 'Organism', zh: '物种' },
    restriction: 'atLeastOne',
    fields: [templateField('scientific_name', 'optional', []), templateField('taxon_id', 'optional', [])],
  };
  const rest = fields.filter(({ name }) => name !== 'taxon_id' && name !== 'scientific_name');
  return {
    id,
    version: 'ena-upload-cli',
    object: 'sample',
    label: both(`ENA ${id}`),
    description: both(''),
    authority: 'ENA',
    groups: [
      organism,
      { name: 'attributes', label: { en: 'Attributes', zh: '属性' }, restriction: 'any', fields: rest },
    ],
    conditions: [],
  };
}

function templateField(name: string, requirement: Requirement, units: readonly string[]): Field {
  const placed = /collection date|country and\/or sea/.test(name) && requirement === 'mandatory';
  return {
    name,
    label: labelFor(name, name),
    description: both(''),
    requirement,
    type: strictType(name) ?? { kind: 'text' },
    ...(units.length > 0 && { units }),
    ...(placed && { nulls: 'reported' as const }),
  };
}
