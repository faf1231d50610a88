import type { ArchiveRecord, DeclaredFile, ObjectType, Reference } from '../../model/record.ts';
import { objectTypes, relations } from '../../model/record.ts';
import type { Place } from '../../rules/rule.ts';
import type { Report } from '../report.ts';
import { declaredFile } from '../tables/files.ts';
import type { FilePart } from '../tables/names.ts';

type Json = Readonly<Record<string, unknown>>;

/** Says where a value does not have the form of `recordJsonSchema`. */
interface Shape {
  readonly wrong: (path: string, expected: string, value: unknown) => undefined;
  readonly unknown: (path: string) => void;
}

/** Checks one JSON value against `recordJsonSchema` and takes it as a record; undefined when it is not one. */
export function recordOf(value: unknown, place: Place, report: Report): ArchiveRecord | undefined {
  let wrong = 0;
  const shape: Shape = {
    wrong: (path, expected, found) => {
      wrong++;
      report(
        'GW3081',
        { ...place, column: path },
        { value: JSON.stringify(found) ?? '', params: { expected, column: path } },
      );
    },
    unknown: (path) => {
      wrong++;
      report('GW3082', { ...place, column: path }, { params: { column: path } });
    },
  };
  if (!isObject(value)) return shape.wrong('record', 'object', value);
  onlyKeys(value, recordKeys, '', shape);
  const type = oneOf(value['type'], objectTypes, 'type', shape);
  const alias = text(value['alias'], 'alias', shape);
  const optional: Partial<Record<'accession' | 'title' | 'checklist', string>> = {};
  for (const key of ['accession', 'title', 'checklist'] as const) {
    const found = value[key] === undefined ? undefined : text(value[key], key, shape);
    if (found !== undefined) optional[key] = found;
  }
  const attributes = entries(value['attributes'], 'attributes', shape, textOrTexts);
  const units = entries(value['units'], 'units', shape, text);
  const references = list(value['references'], 'references', shape, referenceOf);
  const files = list(value['files'], 'files', shape, fileOf);
  if (wrong > 0 || type === undefined || alias === undefined) return undefined;
  return {
    type,
    alias,
    ...optional,
    attributes: Object.fromEntries(attributes),
    ...(units.length === 0 ? {} : { units: Object.fromEntries(units) }),
    references,
    files,
    place: { ...place, alias },
  };
}

const recordKeys = ['type', 'alias', 'accession', 'title', 'checklist', 'attributes', 'units', 'references', 'files'];

function referenceOf(value: unknown, path: string, shape: Shape): Reference | undefined {
  if (!isObject(value)) return shape.wrong(path, 'object', value);
  onlyKeys(value, ['relation', 'type', 'target'], `${path}.`, shape);
  const relation = oneOf(value['relation'], relations, `${path}.relation`, shape);
  const type: ObjectType | undefined = oneOf(value['type'], objectTypes, `${path}.type`, shape);
  const target = text(value['target'], `${path}.target`, shape);
  return relation && type && target !== undefined ? { relation, type, target } : undefined;
}

const fileParts = {
  name: 'name',
  format: 'format',
  md5: 'md5',
  sha256: 'sha256',
  unencryptedMd5: 'unencryptedMd5',
} as const;

function fileOf(value: unknown, path: string, shape: Shape): DeclaredFile | undefined {
  if (!isObject(value)) return shape.wrong(path, 'object', value);
  onlyKeys(value, [...Object.keys(fileParts), 'readTypes'], `${path}.`, shape);
  const cells = new Map<FilePart, string>();
  for (const [key, part] of Object.entries(fileParts)) {
    if (value[key] === undefined && key !== 'name') continue;
    const found = key === 'format' && value[key] === '' ? '' : text(value[key], `${path}.${key}`, shape);
    if (found !== undefined) cells.set(part, found);
  }
  const file = declaredFile(cells);
  const readTypes = list(value['readTypes'], `${path}.readTypes`, shape, text);
  return file && readTypes.length > 0 ? { ...file, readTypes } : file;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function onlyKeys(value: Json, keys: readonly string[], path: string, shape: Shape): void {
  for (const key of Object.keys(value)) if (!keys.includes(key)) shape.unknown(path + key);
}

function text(value: unknown, path: string, shape: Shape): string | undefined {
  return typeof value === 'string' && value !== '' ? value : shape.wrong(path, 'string', value);
}

function textOrTexts(value: unknown, path: string, shape: Shape): string | readonly string[] | undefined {
  if (!Array.isArray(value)) return text(value, path, shape);
  return value.length === 0 ? shape.wrong(path, 'string[]', value) : list(value, path, shape, text);
}

function oneOf<T extends string>(value: unknown, known: readonly T[], path: string, shape: Shape): T | undefined {
  return known.find((item) => item === value) ?? shape.wrong(path, known.join(' | '), value);
}

function list<T>(
  value: unknown,
  path: string,
  shape: Shape,
  read: (value: unknown, path: string, shape: Shape) => T | undefined,
): readonly T[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    shape.wrong(path, 'array', value);
    return [];
  }
  return value.flatMap((item: unknown, index) => read(item, `${path}[${index}]`, shape) ?? []);
}

function entries<T>(
  value: unknown,
  path: string,
  shape: Shape,
  read: (value: unknown, path: string, shape: Shape) => T | undefined,
): readonly (readonly [string, T])[] {
  if (value === undefined) return [];
  if (!isObject(value)) {
    shape.wrong(path, 'object', value);
    return [];
  }
  return Object.entries(value).flatMap(([key, item]) => {
    const found = read(item, `${path}.${key}`, shape);
    return found === undefined ? [] : [[key, found] as const];
  });
}
