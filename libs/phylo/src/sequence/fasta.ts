import type { Rule } from '@geneward/metadata';
import { setOf } from '../tree/mutation.ts';
import { VirusProblem } from '../rules/problem.ts';
import { sequenceRules } from '../rules/sequence.ts';

/** One record: its bases as sets (see tree/mutation.ts), or why it cannot be used. */
export interface Genome {
  readonly name: string;
  /** Line of its name, from 1. */
  readonly line: number;
  readonly bases: Uint8Array;
  readonly problem?: VirusProblem;
}

export interface FastaOptions {
  /** Longest record in bases. */
  readonly longest?: number;
}

const proteinOnly = /[EFILPQZJOX*]/iu;
const longestName = 1000;

/**
 * Reads FASTA as it streams, one record at a time, in memory that grows with the longest record and the number of names only.
 * A record that cannot be used comes out with its problem as soon as that is known, what is left of it is passed over, and the rest goes on; gaps (`-`, `.`)
 * are left out.
 * Throws `sequenceRules.none` for a file without a record and `sequenceRules.format` for one that does not begin with a name.
 */
export async function* readFasta(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { longest = 4_000_000 }: FastaOptions = {},
): AsyncGenerator<Genome> {
  const names = new Set<string>();
  const decoder = new TextDecoder();
  let record: Reading | undefined;
  let line = 1;
  let atStart = true;
  let header: string | undefined;
  let any = false;

  const finish = (): Genome | undefined => {
    const done = record?.finish(names);
    record = undefined;
    return done;
  };

  for await (const chunk of source) {
    let at = 0;
    while (at < chunk.length) {
      if (atStart && chunk[at] === 62) {
        const done = finish();
        if (done) yield done;
        header = '';
        at++;
      }
      const found = chunk.indexOf(10, at);
      const end = found < 0 ? chunk.length : found;
      if (header === undefined) {
        if (record) {
          record.add(chunk, at, end);
          if (record.failed) yield record.finish(names);
          if (record.failed) record = undefined;
        } else if (!any && hasInk(chunk, at, end))
          throw new VirusProblem(sequenceRules.format, { line }, `line ${line}`);
      } else if (header.length < longestName)
        header += decoder.decode(chunk.subarray(at, Math.min(end, at + longestName)), { stream: true });
      atStart = found >= 0;
      if (atStart) {
        if (header !== undefined) {
          record = new Reading((header + decoder.decode()).trim().split(/\s/u, 1)[0] ?? '', line, longest);
          any = true;
          header = undefined;
        }
        line++;
      }
      at = end + (found >= 0 ? 1 : 0);
    }
  }
  if (header !== undefined) {
    record = new Reading(header.trim().split(/\s/u, 1)[0] ?? '', line, longest);
    any = true;
  }
  const last = finish();
  if (last) yield last;
  if (!any) throw new VirusProblem(sequenceRules.none);
}

const hasInk = (chunk: Uint8Array, from: number, to: number): boolean => {
  for (let at = from; at < to; at++) if ((chunk[at] as number) > 32) return true;
  return false;
};

class Reading {
  #bases = new Uint8Array(32_768);
  #length = 0;
  #problem: VirusProblem | undefined;
  readonly #name: string;
  readonly #line: number;
  readonly #longest: number;

  constructor(name: string, line: number, longest: number) {
    this.#name = name;
    this.#line = line;
    this.#longest = longest;
  }

  add(chunk: Uint8Array, from: number, to: number): void {
    if (this.#problem) return;
    if (this.#length + to - from > this.#longest + 1) {
      this.#fail(sequenceRules.size, { limit: this.#longest });
      return;
    }
    if (this.#length + to - from > this.#bases.length) {
      const larger = new Uint8Array(Math.max(2 * this.#bases.length, this.#length + to - from));
      larger.set(this.#bases);
      this.#bases = larger;
    }
    for (let at = from; at < to; at++) {
      const character = chunk[at] as number;
      const set = setOf(character);
      if (set > 0) this.#bases[this.#length++] = set;
      else if (set < 0 && character > 32 && character !== 46) {
        const letter = character < 127 ? String.fromCharCode(character) : `\\x${character.toString(16)}`;
        this.#fail(proteinOnly.test(letter) ? sequenceRules.protein : sequenceRules.letter, {
          letter,
          position: this.#length + 1,
        });
        return;
      }
    }
  }

  /** Whether the record cannot be used, whatever follows. */
  get failed(): boolean {
    return this.#problem !== undefined;
  }

  finish(names: Set<string>): Genome {
    const name = this.#name;
    const line = this.#line;
    if (!this.#problem && this.#length === 0) this.#fail(sequenceRules.empty, {});
    if (name === '') this.#fail(sequenceRules.name, { line });
    else if (names.has(name)) this.#fail(sequenceRules.duplicate, { name, line });
    names.add(name);
    const bases = this.#bases.slice(0, this.#length);
    return { name, line, bases, ...(this.#problem && { problem: this.#problem }) };
  }

  #fail(rule: Rule, values: Record<string, string | number>): void {
    this.#problem = new VirusProblem(rule, values, { line: this.#line, alias: this.#name });
    this.#length = 0;
  }
}
