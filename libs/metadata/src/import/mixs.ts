import { parse } from 'yaml';
import type { Checklist, Choice, Field, FieldGroup, FieldType, Requirement } from '../checklist/checklist.ts';
import { compilePattern } from '../checklist/pattern.ts';
import { readNull } from '../value/null-term.ts';
import type { Imported, ImportNote } from './ena.ts';
import { labelFor, strictType } from './known-fields.ts';
import { ImportProblem } from './xml-tree.ts';

/** The parts of LinkML that MIxS uses (linkml.io, metamodel 1.7). */
interface Slot {
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly { readonly value?: unknown }[];
  readonly required?: boolean;
  readonly recommended?: boolean;
  readonly multivalued?: boolean;
  readonly range?: string;
  readonly pattern?: string;
  readonly structured_pattern?: { readonly syntax?: string };
  readonly minimum_value?: number;
  readonly maximum_value?: number;
  readonly in_subset?: readonly string[];
  readonly aliases?: readonly string[];
}

interface LinkClass {
  readonly title?: string;
  readonly description?: string;
  readonly is_a?: string;
  readonly mixins?: readonly string[];
  readonly slots?: readonly string[];
  readonly slot_usage?: Readonly<Record<string, Slot | null>>;
}

interface Schema {
  readonly version?: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly enums?: Readonly<
    Record<string, { readonly permissible_values?: Readonly<Record<string, { readonly meaning?: string } | null>> }>
  >;
  readonly slots?: Readonly<Record<string, Slot>>;
  readonly classes?: Readonly<Record<string, LinkClass>>;
}

const longest = 20_000_000;

/**
 * Reads MIxS from its LinkML schema: every checklist, every environmental extension and every combination of the two, with
 * slots, their per-class usage, enumerations and structured patterns. Patterns that refuse the slot's own example, or that
 * cannot be matched in linear time, are left out with a note. Throws `ImportProblem`.
 */
export function importMixs(yaml: string): Imported {
  if (yaml.length > longest) throw new ImportProblem('size', `more than ${longest} characters`);
  const schema = readSchema(yaml);
  const { classes = {} } = schema;
  const notes: ImportNote[] = [];
  const fieldOf = fieldReader(schema, notes);
  const checklists = Object.keys(classes)
    .filter((name) => ancestors(classes, name).some((ancestor) => ancestor === 'Checklist' || ancestor === 'Extension'))
    .map((name) => readClass(schema, name, fieldOf));
  if (checklists.length === 0) throw new ImportProblem('kind', 'no MIxS checklist or extension');
  return { checklists, notes };
}

function readSchema(yaml: string): Schema {
  try {
    const document: unknown = parse(yaml, { maxAliasCount: 50 });
    if (!isSchema(document)) throw new ImportProblem('kind', 'not a LinkML schema: no classes or no slots');
    return document;
  } catch (error) {
    if (error instanceof ImportProblem) throw error;
    throw new ImportProblem('yaml', error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}

/** Looks no deeper than this: the schema is published and checked by LinkML, and absent parts are read as absent. */
const isSchema = (document: unknown): document is Schema =>
  typeof document === 'object' &&
  document !== null &&
  'classes' in document &&
  'slots' in document &&
  [document.classes, document.slots].every((part) => typeof part === 'object' && part !== null);

/** What a class inherits from, nearest first, without itself. */
function ancestors(classes: Readonly<Record<string, LinkClass>>, name: string, depth = 0): string[] {
  const { is_a: parent, mixins = [] } = classes[name] ?? {};
  if (depth > 20) throw new ImportProblem('kind', `${name} inherits from itself`);
  return [...mixins, ...(parent === undefined ? [] : [parent])].flatMap((above) => [
    above,
    ...ancestors(classes, above, depth + 1),
  ]);
}

type FieldReader = (slot: string, usage: Slot) => Field;

const subsets = [
  ['investigation', '调查'],
  ['environment', '环境'],
  ['nucleic acid sequence source', '核酸来源'],
  ['sequencing', '测序'],
  ['other', '其他'],
] as const;

function readClass(schema: Schema, name: string, fieldOf: FieldReader): Checklist {
  const { classes = {}, slots = {} } = schema;
  const line = [name, ...ancestors(classes, name)].map((above) => classes[above] ?? {});
  const names = [...new Set(line.flatMap((above) => above.slots ?? []))];
  const usageOf = (slot: string): Slot =>
    Object.assign({}, ...line.toReversed().map((above) => above.slot_usage?.[slot] ?? {})) as Slot;
  const groups = subsets.map(([subset, zh]): FieldGroup => ({
    name: subset,
    label: { en: subset, zh },
    restriction: 'any',
    fields: names
      .filter((slot) => (slots[slot]?.in_subset?.[0] ?? 'other') === subset)
      .map((slot) => fieldOf(slot, usageOf(slot))),
  }));
  const { title = name, description = '' } = classes[name] ?? {};
  return {
    id: `MIXS-${name}`,
    version: schema.version ?? 'unknown',
    object: 'sample',
    label: { en: `MIxS ${title}`, zh: `MIxS ${title}` },
    description: { en: description, zh: description },
    authority: 'GSC',
    groups: groups.filter(({ fields }) => fields.length > 0),
    conditions: [],
  };
}

/** Reads slots, once for each usage that differs. */
function fieldReader(schema: Schema, notes: ImportNote[]): FieldReader {
  const made = new Map<string, Field>();
  const types = new Map<string, FieldType>();
  return (name, usage) => {
    const key = `${name} ${JSON.stringify(usage)}`;
    const before = made.get(key);
    if (before) return before;
    const slot: Slot = { ...schema.slots?.[name], ...usage };
    const shape = `${name} ${slot.pattern ?? slot.structured_pattern?.syntax ?? ''}`;
    const type = types.get(shape) ?? typeOf(name, slot, schema, notes);
    types.set(shape, type);
    const field = fieldFrom(name, slot, type);
    made.set(key, field);
    return field;
  };
}

function fieldFrom(name: string, slot: Slot, type: FieldType): Field {
  const { title = name, description = '', examples = [], aliases = [], required, recommended, multivalued } = slot;
  const requirement: Requirement = required ? 'mandatory' : recommended ? 'recommended' : 'optional';
  const values = examples
    .map(({ value }) => value)
    .filter((value) => typeof value === 'string' || typeof value === 'number');
  const synonyms = [title, ...aliases].filter((other) => other !== name);
  return {
    name,
    label: labelFor(name, title),
    description: { en: description, zh: description },
    requirement,
    type,
    ...(synonyms.length > 0 && { synonyms }),
    ...(values.length > 0 && { examples: values.map(String) }),
    ...(multivalued && { multiple: true }),
    ...(required && (name === 'collection_date' || name === 'geo_loc_name') && { nulls: 'reported' as const }),
  };
}

function typeOf(name: string, slot: Slot, schema: Schema, notes: ImportNote[]): FieldType {
  const strictly = strictType(name);
  if (strictly) return strictly;
  const { range = 'string', minimum_value: minimum, maximum_value: maximum } = slot;
  const values = schema.enums?.[range]?.permissible_values;
  if (values) return { kind: 'choice', vocabulary: range, values: choices(values) };
  const bounds = { ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }) };
  if (range === 'integer') return { kind: 'text', format: 'integer', ...bounds };
  if (range === 'float' || range === 'double' || range === 'decimal')
    return { kind: 'text', format: 'number', ...bounds };
  if (range === 'datetime' || range === 'date') return { kind: 'date', ranges: true };
  if (range === 'boolean')
    return {
      kind: 'choice',
      values: [
        { value: 'yes', synonyms: ['true'] },
        { value: 'no', synonyms: ['false'] },
      ],
    };
  const syntax = slot.structured_pattern?.syntax;
  const source = syntax === undefined ? slot.pattern : interpolated(syntax, schema.settings ?? {});
  return source === undefined ? { kind: 'text' } : patternType(name, source, slot, notes);
}

const choices = (values: Readonly<Record<string, { readonly meaning?: string } | null>>): Choice[] =>
  Object.entries(values)
    .filter(([value]) => readNull(value) === undefined)
    .map(([value, facts]) => ({ value, ...(facts?.meaning !== undefined && { meaning: facts.meaning }) }));

/** Fills `{float}` and the like from the schema's settings (LinkML structured patterns). */
const interpolated = (syntax: string, settings: Readonly<Record<string, string>>): string =>
  syntax.replace(/\{([A-Za-z_]\w*)\}/g, (hole, setting: string) =>
    settings[setting] === undefined ? hole : `(?:${settings[setting]})`,
  );

function patternType(name: string, pattern: string, slot: Slot, notes: ImportNote[]): FieldType {
  const note = (text: string): FieldType => {
    notes.push({ checklist: 'MIxS', field: name, reason: 'pattern', text: `${text}: ${pattern.slice(0, 200)}` });
    return { kind: 'text' };
  };
  const compiled = compilePattern(pattern);
  if (!compiled.ok) return note(compiled.reason);
  const refused = (slot.examples ?? []).find(({ value }) => typeof value === 'string' && !compiled.matches(value));
  return refused ? note(`refuses its own example "${String(refused.value)}"`) : { kind: 'text', pattern };
}
