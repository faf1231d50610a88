import type { Place } from '@geneward/metadata';
import type { Findings } from '../findings.ts';
import { samRules } from './rules.ts';

/** A reference sequence of the header. */
export interface Reference {
  readonly name: string;
  readonly length: number;
  /** MD5 of the upper-case sequence, where it is told. */
  readonly md5?: string;
  readonly circular: boolean;
  /** Place in the order of @SQ lines. */
  readonly index: number;
}

/** What the header of a SAM, BAM or CRAM file declares. */
export interface SamHeader {
  readonly references: ReadonlyMap<string, Reference>;
  readonly readGroups: ReadonlySet<string>;
  readonly sortOrder: string;
}

/** Reads header lines one by one; `end` runs the checks that need all of them. */
export interface SamHeaderReader {
  line(text: string, place: Place): void;
  end(): void;
  readonly header: SamHeader;
}

const referenceName = /^[0-9A-Za-z!#$%&+./:;?@^_|~-][0-9A-Za-z!#$%&*+./:;=?@^_|~-]*$/;
const platforms = /^(?:CAPILLARY|DNBSEQ|ELEMENT|HELICOS|ILLUMINA|IONTORRENT|LS454|ONT|PACBIO|SINGULAR|SOLID|ULTIMA)$/;
const date = /^\d{4}-\d\d-\d\d(?:T\d\d:?\d\d(?::?\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
const positive = /^[1-9]\d*$/;
export const longestReference = 2 ** 31 - 1;

type Test = (value: string) => boolean;
const matches =
  (pattern: RegExp): Test =>
  (value) =>
    pattern.test(value);

/** Section 1.3: the tags whose form is fixed. */
const forms: Readonly<Record<string, Readonly<Record<string, Test>>>> = {
  HD: {
    VN: matches(/^[0-9]+\.[0-9]+$/),
    SO: matches(/^(?:unknown|unsorted|queryname|coordinate)$/),
    GO: matches(/^(?:none|query|reference)$/),
    SS: matches(/^(?:coordinate|queryname|unsorted)(?::[A-Za-z0-9_-]+)+$/),
  },
  SQ: {
    SN: matches(referenceName),
    LN: (value) => positive.test(value) && Number(value) <= longestReference,
    M5: matches(/^[0-9a-f]{32}$/),
    TP: matches(/^(?:linear|circular)$/),
    AN: (value) => value.split(',').every((name) => referenceName.test(name)),
  },
  RG: {
    PL: matches(platforms),
    DT: matches(date),
    FO: matches(/^(?:\*|[ACMGRSVTWYHKDBN]+)$/),
    PI: matches(/^\d+(?:\.\d+)?$/),
  },
  PG: {},
};
const required: Readonly<Record<string, readonly string[]>> = { HD: ['VN'], SQ: ['SN', 'LN'], RG: ['ID'], PG: ['ID'] };

/** Whether a name may stand for a reference sequence (section 1.2.1). */
export const isReferenceName = (name: string): boolean => referenceName.test(name);

/** The text of a binary header without the NULs that may pad it. */
export function headerText(bytes: Uint8Array): string {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return new TextDecoder().decode(bytes.subarray(0, end));
}

/** Starts reading a header; findings carry the place that `line` is given. */
export function readSamHeader(findings: Findings): SamHeaderReader {
  const references = new Map<string, Reference>();
  const alternatives = new Set<string>();
  const readGroups = new Set<string>();
  const programs = new Map<string, { previous: string | undefined; place: Place }>();
  let sortOrder = 'unknown';
  let lines = 0;

  const unique = (taken: boolean, type: string, tag: string, id: string, place: Place) => {
    if (taken) findings.add(samRules.identifier, place, id, { type, tag, id });
  };

  function readReference(tags: ReadonlyMap<string, string>, place: Place): void {
    const name = tags.get('SN');
    if (name === undefined) return;
    unique(references.has(name) || alternatives.has(name), 'SQ', 'SN', name, place);
    const md5 = tags.get('M5');
    references.set(name, {
      name,
      length: Number(tags.get('LN')),
      circular: tags.get('TP') === 'circular',
      index: references.size,
      ...(md5 !== undefined && { md5 }),
    });
    for (const other of tags.get('AN')?.split(',') ?? []) {
      unique(alternatives.has(other) || references.has(other), 'SQ', 'AN', other, place);
      alternatives.add(other);
    }
  }

  return {
    header: {
      references,
      readGroups,
      get sortOrder() {
        return sortOrder;
      },
    },
    line(text, place) {
      lines += 1;
      if (/^@CO(?:\t|$)/.test(text)) return;
      const [, type = '', rest = ''] = /^@([A-Za-z]{2})((?:\t[A-Za-z][A-Za-z0-9]:[^\t]+)+)$/.exec(text) ?? [];
      if (type === '') {
        findings.add(samRules.headerLine, place, text);
        return;
      }
      const tags = new Map<string, string>();
      for (const field of rest.slice(1).split('\t')) {
        const tag = field.slice(0, 2);
        if (tags.has(tag)) findings.add(samRules.headerTwice, place, text, { tag });
        tags.set(tag, field.slice(3));
      }
      for (const tag of required[type] ?? [])
        if (!tags.has(tag)) findings.add(samRules.headerMissing, place, text, { type, tag });
      // Writers of unaligned CRAM put this line where there is no reference.
      if (type === 'SQ' && tags.get('SN') === '*' && tags.get('LN') === '0') return;
      for (const [tag, value] of tags)
        if (forms[type]?.[tag]?.(value) === false) findings.add(samRules.headerTag, place, text, { type, tag });
      const id = tags.get('ID') ?? '';
      if (type === 'HD') {
        if (lines > 1) findings.add(samRules.headerOrder, place, text, { type: '@HD' });
        sortOrder = tags.get('SO') ?? 'unknown';
      } else if (type === 'SQ') readReference(tags, place);
      else if (type === 'RG') {
        unique(readGroups.has(id), 'RG', 'ID', id, place);
        readGroups.add(id);
      } else if (type === 'PG') {
        unique(programs.has(id), 'PG', 'ID', id, place);
        programs.set(id, { previous: tags.get('PP'), place });
      }
    },
    end() {
      for (const { previous, place } of programs.values()) {
        const met = new Set<string>();
        for (let id = previous; id !== undefined; id = programs.get(id)?.previous) {
          if (programs.has(id) && !met.has(id)) {
            met.add(id);
            continue;
          }
          findings.add(samRules.program, place, id, { id });
          break;
        }
      }
    },
  };
}
