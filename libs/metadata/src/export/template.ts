import type { Checklist, Field } from '../checklist/checklist.ts';
import { fieldsOf } from '../checklist/checklist.ts';
import type { Role } from '../intake/tables/names.ts';
import { headerOf } from '../intake/tables/names.ts';
import type { ObjectType } from '../model/record.ts';
import type { Language, Text } from '../rules/rule.ts';
import { coreColumns } from './template-columns.ts';
import type { CoreColumn } from './template-columns.ts';
import { packWorkbook, style } from './xlsx/package.ts';
import type { PackageSheet } from './xlsx/package.ts';
import { sheetXml } from './xlsx/sheet.ts';
import type { SheetColumn } from './xlsx/sheet.ts';
import { columnLetters } from './xlsx/xml.ts';

interface TemplateColumn {
  readonly header: string;
  readonly label: string;
  readonly requirement: Field['requirement'];
  readonly description: string;
  readonly example: string;
  readonly choices: readonly string[];
  readonly strict: boolean;
}

interface TemplateSheet {
  readonly name: string;
  readonly columns: readonly TemplateColumn[];
}

/**
 * Makes an empty workbook to be filled in: a sheet for each checklist with its fields as text columns, drop-downs for
 * choices, colours for mandatory and recommended, an explanation at each cell, and a guide sheet. Checklists of one kind of
 * object share a sheet, with a column `checklist` to choose by. It reads back by `readSubmission`.
 */
export function writeTemplate(checklists: readonly Checklist[], language: Language): Uint8Array {
  const byType = Map.groupBy(checklists, ({ object }) => object);
  const sheets = [...byType].map(([type, group]) => templateSheet(type, group, language));
  const { lists, reference } = listSheet(sheets);
  const pages: PackageSheet[] = sheets.map(({ name, columns }) => ({
    name,
    xml: sheetXml(
      columns.map((column) => sheetColumn(column, reference(column.choices), language)),
      [],
    ),
  }));
  pages.push(guideSheet(sheets, language));
  if (lists) pages.push(lists);
  return packWorkbook(pages);
}

/** The columns of a template, for a table that is filled in elsewhere. */
export const templateHeader = (checklist: Checklist): readonly string[] =>
  templateSheet(checklist.object, [checklist], 'en').columns.map(({ header }) => header);

function templateSheet(type: ObjectType, checklists: readonly Checklist[], language: Language): TemplateSheet {
  const core = coreColumns(type).map((column) => ofCore(column, type, checklists, language));
  const taken = new Set(core.map(({ header }) => header));
  const fields = new Map<string, TemplateColumn>();
  for (const checklist of checklists)
    for (const field of fieldsOf(checklist))
      for (const column of ofField(field, type, language))
        if (!taken.has(column.header)) fields.set(column.header, merged(fields.get(column.header), column));
  return { name: type, columns: [...core, ...fields.values()] };
}

/** A field that two checklists have takes the choices of both, and is mandatory only when it is so in both. */
function merged(one: TemplateColumn | undefined, other: TemplateColumn): TemplateColumn {
  if (!one) return other;
  return {
    ...one,
    requirement: one.requirement === other.requirement ? one.requirement : 'recommended',
    choices: one.choices.length > 0 && other.choices.length > 0 ? [...new Set([...one.choices, ...other.choices])] : [],
  };
}

function ofCore(
  column: CoreColumn,
  type: ObjectType,
  checklists: readonly Checklist[],
  language: Language,
): TemplateColumn {
  const choosing = column.role.kind === 'checklist';
  return {
    header: headerOf(column.role, type),
    label: column.label[language],
    requirement: column.requirement,
    description: column.description[language],
    example: choosing ? (checklists[0]?.id ?? '') : column.example,
    choices: choosing ? checklists.map(({ id }) => id) : [],
    strict: choosing,
  };
}

function ofField(field: Field, type: ObjectType, language: Language): readonly TemplateColumn[] {
  const { name, label, requirement, description, examples = [], units = [] } = field;
  const choices = field.type.kind === 'choice' ? field.type.values.map(({ value }) => value) : [];
  const role: Role = { kind: 'attribute', name };
  const column: TemplateColumn = {
    header: headerOf(role, type),
    label: label[language],
    requirement,
    description: description[language],
    example: examples.join(' | '),
    choices,
    strict: false,
  };
  if (units.length === 0) return [column];
  const unit: TemplateColumn = {
    header: headerOf({ kind: 'units', name }, type),
    label: `${label[language]} ${words.unit[language]}`,
    requirement,
    description: words.unitOf[language],
    example: units[0] ?? '',
    choices: units,
    strict: true,
  };
  return [column, unit];
}

function sheetColumn(column: TemplateColumn, list: string | undefined, language: Language): SheetColumn {
  const { header, label, requirement, description, example, strict } = column;
  const prompt = [
    words[requirement][language],
    description,
    example === '' ? '' : `${words.example[language]}${example}`,
  ].filter((line) => line !== '');
  return {
    header,
    style: { mandatory: style.mandatory, recommended: style.recommended, optional: style.header }[requirement],
    validation: { title: label, prompt: prompt.join('\n'), strict, ...(list === undefined ? {} : { list }) },
  };
}

/** Puts every list of choices into a column of a hidden sheet, as a formula holds only 255 characters. */
function listSheet(sheets: readonly TemplateSheet[]): {
  lists: PackageSheet | undefined;
  reference: (choices: readonly string[]) => string | undefined;
} {
  const columns = new Map<string, readonly string[]>();
  const keyOf = (choices: readonly string[]): string => choices.join('\n');
  for (const { choices } of sheets.flatMap((sheet) => sheet.columns))
    if (choices.length > 0) columns.set(keyOf(choices), choices);
  const keys = [...columns.keys()];
  const lists = [...columns.values()];
  const rows = Array.from({ length: Math.max(0, ...lists.map((list) => list.length)) }, (_, row) =>
    lists.map((list) => list[row] ?? ''),
  );
  const xml = sheetXml(
    lists.map((_, index) => ({ header: `list ${index + 1}` })),
    rows,
  );
  return {
    lists: lists.length === 0 ? undefined : { name: '_lists', hidden: true, xml },
    reference: (choices) => {
      if (choices.length === 0) return undefined;
      const letters = columnLetters(keys.indexOf(keyOf(choices)));
      return `_lists!$${letters}$2:$${letters}$${choices.length + 1}`;
    },
  };
}

function guideSheet(sheets: readonly TemplateSheet[], language: Language): PackageSheet {
  const titles = [
    words.sheet,
    words.column,
    words.label,
    words.requirement,
    words.description,
    words.examples,
    words.choices,
  ];
  const widths = [12, 28, 28, 14, 60, 30, 40];
  const rows = sheets.flatMap(({ name, columns }) =>
    columns.map(({ header, label, requirement, description, example, choices }) => [
      name,
      header,
      label,
      words[requirement][language],
      description,
      example,
      choices.length > 30 ? `${choices.slice(0, 30).join(' | ')} …` : choices.join(' | '),
    ]),
  );
  const columns = titles.map((title, index) => ({ header: title[language], width: widths[index] ?? 20 }));
  return { name: '_guide', xml: sheetXml(columns, rows, style.note) };
}

const words = {
  mandatory: { en: 'Mandatory', zh: '必填' },
  recommended: { en: 'Recommended', zh: '推荐' },
  optional: { en: 'Optional', zh: '选填' },
  example: { en: 'Example: ', zh: '示例：' },
  unit: { en: '(unit)', zh: '（单位）' },
  unitOf: { en: 'Unit of the value beside it.', zh: '相邻数值的单位。' },
  sheet: { en: 'Sheet', zh: '工作表' },
  column: { en: 'Column', zh: '列' },
  label: { en: 'Name', zh: '名称' },
  requirement: { en: 'Requirement', zh: '要求' },
  description: { en: 'Description', zh: '说明' },
  examples: { en: 'Examples', zh: '示例' },
  choices: { en: 'Choices', zh: '可选值' },
} as const satisfies Readonly<Record<string, Text>>;
