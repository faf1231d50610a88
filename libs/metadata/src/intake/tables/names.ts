import { foldName } from '../../checklist/header.ts';
import type { ObjectType, Relation } from '../../model/record.ts';
import { objectTypes, relations } from '../../model/record.ts';

/** What a column of an object table holds. */
export type Role =
  | { readonly kind: 'alias' | 'accession' | 'title' | 'checklist' | 'action' }
  | { readonly kind: 'reference'; readonly relation: Relation; readonly type: ObjectType }
  | { readonly kind: 'file'; readonly part: FilePart; readonly slot: number }
  | { readonly kind: 'units'; readonly name: string }
  /** `position` counts from 1 where a field has several values; `exact` names stand as written. */
  | { readonly kind: 'attribute'; readonly name: string; readonly position?: number; readonly exact?: boolean };

/** Columns that describe a file. `checksum` is ENA's: MD5, or SHA-256 by its length. */
export type FilePart = 'name' | 'format' | 'md5' | 'sha256' | 'checksum' | 'unencryptedMd5' | 'readTypes';

/** Words by which sheets, files and columns call the kinds of object, folded. */
const typeWords: Readonly<Record<ObjectType, readonly string[]>> = {
  project: ['project', 'projects', 'study', 'studies', 'bioproject', '项目', '研究'],
  sample: ['sample', 'samples', 'biosample', 'biosamples', '样本', '样品'],
  experiment: ['experiment', 'experiments', '实验'],
  run: ['run', 'runs', '测序', '测序数据', '运行'],
  assembly: ['assembly', 'assemblies', '组装'],
  variation: ['variation', 'variations', 'variant', 'variants', '变异'],
  sequence: ['sequence', 'sequences', '序列'],
  metabolism: ['metabolism', 'metabolome', '代谢', '代谢组'],
  single_cell: ['single cell', 'single cells', '单细胞'],
  analysis: ['analysis', 'analyses', '分析'],
};

const typeByWord = new Map(objectTypes.flatMap((type) => typeWords[type].map((word) => [word, type] as const)));

/** The kind of object that a sheet or file is named after. */
export const typeOfName = (name: string): ObjectType | undefined => typeByWord.get(foldName(name));

/** The kind of object that a longer file name mentions last: "ENA_template_samples_vir" is about samples. */
export const typeWithinName = (name: string): ObjectType | undefined =>
  foldName(name)
    .split(/[^\p{L}]+/u)
    .map((word) => typeByWord.get(word))
    .findLast((type) => type !== undefined);

const words: ReadonlyMap<string, Role> = new Map<string, Role>([
  ...named({ kind: 'alias' }, 'alias', '别名', '名称'),
  ...named({ kind: 'accession' }, 'accession', '编号', '登录号'),
  ...named({ kind: 'title' }, 'title', '标题'),
  ...named({ kind: 'checklist' }, 'checklist', 'ena checklist', '清单', '样本类型', '样品类型'),
  ...named({ kind: 'action' }, 'action', 'status', '操作', '状态'),
  ...named(
    { kind: 'reference', relation: 'part_of', type: 'project' },
    'umbrella project',
    'parent project',
    '总项目',
    '上级项目',
  ),
]);

const fileWords: ReadonlyMap<string, FilePart> = new Map<string, FilePart>([
  ...['file name', 'filename', '文件名', '文件名称'].map((word) => [word, 'name'] as const),
  ...['file format', 'file type', 'filetype', '文件格式', '文件类型'].map((word) => [word, 'format'] as const),
  ...['md5', 'file md5', '文件 md5', 'md5值'].map((word) => [word, 'md5'] as const),
  ...['sha256', 'sha 256', 'file sha256', 'file sha 256'].map((word) => [word, 'sha256'] as const),
  ...['checksum', 'file checksum'].map((word) => [word, 'checksum'] as const),
  ...['unencrypted checksum', 'unencrypted md5'].map((word) => [word, 'unencryptedMd5'] as const),
  ...['read type', 'read types', '读段类型'].map((word) => [word, 'readTypes'] as const),
]);

function named(role: Role, ...spellings: readonly string[]): readonly (readonly [string, Role])[] {
  return spellings.map((spelling) => [spelling, role]);
}

/**
 * Understands a header of a table about `type`; what is no column of the layout is an attribute. The layout is described
 * in docs/guide/en/tables.md; ENA's columns (`study_alias`, `file_checksum`, `sample_attribute[…]`) are spellings of it.
 */
export function roleOf(header: string, type: ObjectType): Role {
  const special = bracketRole(header, type);
  if (special) return special;
  const name = foldName(header.replace(/^\s*\*|\*\s*$/g, ''));
  return (
    words.get(name) ??
    ownRole(name, type) ??
    referenceRole(name, type) ??
    fileRole(name) ?? { kind: 'attribute', name: header }
  );
}

function bracketRole(header: string, type: ObjectType): Role | undefined {
  const [, outer = '', inner = '', position = ''] =
    /^\s*([a-z_]+)\s*\[((?:[^\\]|\\.)*?)\](?:\[(\d{1,4})\])?\s*$/su.exec(header) ?? [];
  const name = inner.replace(/\\(.)/gsu, '$1');
  const counted = position === '' ? {} : { position: Number(position) };
  if (outer === 'units') return { kind: 'units', name };
  if (outer === 'attribute' || outer === `${type}_attribute`)
    return { kind: 'attribute', name, exact: true, ...counted };
  const relation = relations.find((known) => known === outer);
  const target = objectTypes.find((known) => known === inner);
  if (relation && target) return { kind: 'reference', relation, type: target };
  const [, plain, count] = /^\s*(.*?\S)\s*\[(\d{1,4})\]\s*$/su.exec(header) ?? [];
  return plain === undefined ? undefined : { kind: 'attribute', name: plain, position: Number(count) };
}

const bracketed = (outer: string, name: string): string => `${outer}[${name.replace(/[\\[\]]/g, '\\$&')}]`;

/** `sample_alias`, `sample_title` and `样本名称` in a table of samples speak of its own rows. */
function ownRole(name: string, type: ObjectType): Role | undefined {
  const { target, part } = splitTypeWord(name);
  if (target !== type) return undefined;
  if (part === 'accession' || part === '编号') return { kind: 'accession' };
  return { kind: part === 'title' || part === '标题' ? 'title' : 'alias' };
}

function referenceRole(name: string, type: ObjectType): Role | undefined {
  const relation = relations.find((known) => foldName(known) === name);
  if (relation) return { kind: 'reference', relation, type };
  const { target, part } = splitTypeWord(name);
  return target === undefined || part === 'title' || part === '标题'
    ? undefined
    : { kind: 'reference', relation: 'part_of', type: target };
}

/** Reads "sample alias" as a kind of object and what is said of it; only a sample's "name" is its alias. */
function splitTypeWord(name: string): { readonly target: ObjectType | undefined; readonly part: string } {
  const [, word = '', part = ''] = /^(.+?) ?(alias|name|accession|ref|title|别名|名称|编号|标题)?$/u.exec(name) ?? [];
  const target = typeByWord.get(word);
  const own = part !== 'name' && part !== '名称';
  return { target: own || target === 'sample' ? target : undefined, part };
}

function fileRole(name: string): Role | undefined {
  const whole = fileWords.get(name);
  if (whole) return { kind: 'file', part: whole, slot: 0 };
  const [, word = '', slot = ''] = /^(.*?) ?(\d{1,2})$/u.exec(name) ?? [];
  const part = fileWords.get(word);
  return part === undefined ? undefined : { kind: 'file', part, slot: Number(slot) };
}

/** What our checklists call ENA's columns, and the words of the layout in Chinese. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['sample description', 'description'],
  ['study abstract', 'summary'],
  ['insert size', 'nominal_length'],
  ['描述', 'description'],
  ['摘要', 'summary'],
]);

/** The field that a header means where no checklist knows it. */
export const fieldOfHeader = (header: string): string => otherNames.get(foldName(header)) ?? header;

/** The name that the layout gives a role; readers say so when a header reads differently. */
export function headerOf(role: Role, type: ObjectType): string {
  if (role.kind === 'file') return fileHeaders[role.part] + (role.slot === 0 ? '' : `_${role.slot}`);
  if (role.kind === 'units') return bracketed('units', role.name);
  if (role.kind === 'attribute')
    return attributeHeader(role.name, type) + (role.position === undefined ? '' : `[${role.position}]`);
  if (role.kind !== 'reference') return role.kind;
  const { relation, type: target } = role;
  if (relation !== 'part_of') return target === type ? relation : `${relation}[${target}]`;
  return target === type ? relation : target;
}

const fileHeaders: Readonly<Record<FilePart, string>> = {
  name: 'file_name',
  format: 'file_format',
  md5: 'md5',
  sha256: 'sha256',
  checksum: 'file_checksum',
  unencryptedMd5: 'unencrypted_md5',
  readTypes: 'read_type',
};

/** An attribute's own name when it reads back as itself, else `attribute[…]`. */
function attributeHeader(name: string, type: ObjectType): string {
  const role = roleOf(name, type);
  const plain =
    role.kind === 'attribute' &&
    role.name === name &&
    fieldOfHeader(name) === name &&
    role.position === undefined &&
    /^[\p{L}\d][^*[\]\r\n\t]*$/u.test(name);
  return plain && name.trim() === name && unitOf(name) === undefined ? name : bracketed('attribute', name);
}

const unit =
  /^(?:%|‰|°C|°F|K|[kcmµμn]?m[²³]?|[kmµμn]?g|[mµμn]?L|[kh]?Pa|mbar|bar|ppm|ppb|psu|pH|V|mV|Hz|[cmµμn]?M|s|sec|min|h|hours?|days?|weeks?|months?|years?|bp|kb|Mb|DD|[mµμn]?mol|[kmµμn]?[gLm](?:ol)?\/[kmµμn]?[gLm][²³]?|岁|天|月|年)$/u;

/** Splits a unit in brackets off a header: "depth (m)"; other brackets belong to the name. */
export function unitOf(header: string): { readonly name: string; readonly unit: string } | undefined {
  const [, name, inner] = /^(.+?)(?:\s+\(|\s*（)([^()（）]+)[)）]\s*\*?$/u.exec(header) ?? [];
  return name !== undefined && inner !== undefined && unit.test(inner.trim())
    ? { name, unit: inner.trim() }
    : undefined;
}
