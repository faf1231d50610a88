import { taxonomyBuilder } from './builder.ts';
import type { NameKind } from './name-table.ts';
import type { Taxonomy } from './taxonomy.ts';

/** The files of NCBI's `taxdump` (or `new_taxdump`), line by line, without their line ends. */
export interface Taxdump {
  readonly nodes: AsyncIterable<string>;
  readonly names: AsyncIterable<string>;
  readonly merged?: AsyncIterable<string>;
  readonly deleted?: AsyncIterable<string>;
}

/** Why a dump was not read. */
export class TaxdumpProblem extends Error {
  readonly code: 'line' | 'identifier' | 'size' | 'empty';
  readonly file: string;
  readonly line: number;
  constructor(code: TaxdumpProblem['code'], file: string, line: number, message: string) {
    super(`${file}, line ${line}: ${message}`);
    this.name = 'TaxdumpProblem';
    this.code = code;
    this.file = file;
    this.line = line;
  }
}

/** Limits against a file that is no dump; NCBI's own holds 2.7 million taxa and 4.3 million names in 2026. */
const limits = { line: 20_000, identifier: 20_000_000, names: 20_000_000 };

const kindOf: Readonly<Record<string, NameKind>> = {
  'scientific name': 'scientific name',
  synonym: 'synonym',
  'equivalent name': 'equivalent name',
  'genbank common name': 'common name',
  'common name': 'common name',
  'blast name': 'other name',
  acronym: 'synonym',
  'genbank acronym': 'synonym',
  'genbank synonym': 'synonym',
};

/** Name classes that nobody types as an organism. */
const unread = new Set(['authority', 'type material', 'includes', 'in-part', 'blast name']);

type Lines = AsyncIterable<string>;

/** `nodes.dmp`: identifier, parent, rank. */
export async function* readTaxonNodes(lines: Lines): AsyncGenerator<{ id: number; parent: number; rank: string }> {
  for await (const [line, [id = '', parent = '', rank = 'no rank']] of fields('nodes.dmp', lines))
    yield { id: identifier('nodes.dmp', line, id), parent: identifier('nodes.dmp', line, parent), rank };
}

/** `names.dmp`: identifier, name, unique name, class; without the classes that nobody types as an organism. */
export async function* readTaxonNames(lines: Lines): AsyncGenerator<{ id: number; name: string; kind: NameKind }> {
  let count = 0;
  for await (const [line, [id = '', name = '', , nameClass = '']] of fields('names.dmp', lines)) {
    if (unread.has(nameClass)) continue;
    if (name === '') throw new TaxdumpProblem('line', 'names.dmp', line, 'empty name');
    if (++count > limits.names) throw new TaxdumpProblem('size', 'names.dmp', line, `more than ${limits.names} names`);
    yield { id: identifier('names.dmp', line, id), name, kind: kindOf[nameClass] ?? 'other name' };
  }
}

/** `merged.dmp`: identifiers that were joined into others. */
export async function* readMergedTaxa(lines: Lines): AsyncGenerator<{ from: number; into: number }> {
  for await (const [line, [from = '', into = '']] of fields('merged.dmp', lines))
    yield { from: identifier('merged.dmp', line, from), into: identifier('merged.dmp', line, into) };
}

/** `delnodes.dmp`: identifiers that are no more. */
export async function* readDeletedTaxa(lines: Lines): AsyncGenerator<number> {
  for await (const [line, [id = '']] of fields('delnodes.dmp', lines)) yield identifier('delnodes.dmp', line, id);
}

/**
 * Loads a taxdump: `nodes.dmp`, `names.dmp`, `merged.dmp`, `delnodes.dmp`; fields parted by `\t|\t`, lines ended by `\t|`
 * (NCBI taxdump_readme.txt). Throws `TaxdumpProblem`.
 */
export async function loadTaxdump(dump: Taxdump, version: string): Promise<Taxonomy> {
  const taxonomy = taxonomyBuilder();
  let size = 0;
  for await (const { id, parent, rank } of readTaxonNodes(dump.nodes)) {
    taxonomy.node(id, parent, rank);
    size++;
  }
  if (size === 0) throw new TaxdumpProblem('empty', 'nodes.dmp', 0, 'no taxon found');
  for await (const { id, name, kind } of readTaxonNames(dump.names)) taxonomy.name(id, name, kind);
  for await (const { from, into } of readMergedTaxa(dump.merged ?? nothing())) taxonomy.merge(from, into);
  for await (const id of readDeletedTaxa(dump.deleted ?? nothing())) taxonomy.remove(id);
  return taxonomy.finish(version, true);
}

async function* nothing(): AsyncGenerator<string> {
  // A dump without this file.
}

async function* fields(file: string, lines: AsyncIterable<string>): AsyncGenerator<[number, string[]]> {
  let number = 0;
  for await (const text of lines) {
    number++;
    if (text === '') continue;
    if (text.length > limits.line)
      throw new TaxdumpProblem('size', file, number, `a line of ${text.length} characters`);
    if (!text.endsWith('|')) throw new TaxdumpProblem('line', file, number, 'does not end with "|"');
    yield [number, text.slice(0, text.endsWith('\t|') ? -2 : -1).split('\t|\t')];
  }
}

function identifier(file: string, line: number, text: string): number {
  const id = /^\d{1,8}$/.test(text) ? Number(text) : -1;
  if (id < 1 || id > limits.identifier)
    throw new TaxdumpProblem('identifier', file, line, `"${text.slice(0, 20)}" is no taxonomy identifier`);
  return id;
}
