import { lineLimit, splitLines } from '../bytes/lines.ts';
import type { Bytes } from '../bytes/reader.ts';
import type { Findings } from '../findings.ts';
import { textRules } from '../layers/text-rules.ts';
import { feed, findingsFor, reportOf, type CheckOptions, type FileReport } from '../report.ts';
import { assemblyRules } from './rules.ts';

export interface AgpOptions extends CheckOptions {
  /** Lengths of the sequences of the FASTA file, so that components can be looked up. */
  readonly lengths?: ReadonlyMap<string, number>;
}

export interface AgpReport extends FileReport {
  readonly format: 'agp';
  /** Length of each object by name. */
  readonly objects: ReadonlyMap<string, number>;
}

const gapTypes: ReadonlySet<string> = new Set(
  'scaffold contig centromere short_arm heterochromatin telomere repeat contamination'.split(' '),
);
/** Gap types that may be bridged. */
const bridged: ReadonlySet<string> = new Set(['scaffold', 'repeat', 'contamination']);
const evidence: ReadonlySet<string> = new Set(
  'paired-ends align_genus align_xgenus align_trnscpt within_clone clone_contig map pcr proximity_ligation strobe unspecified'.split(
    ' ',
  ),
);

/** One line, whether component or gap (NCBI AGP specification 2.1). */
interface Part {
  readonly object: string;
  readonly start: number;
  readonly end: number;
  readonly number: number;
  readonly gap: boolean;
  readonly component: string;
  readonly length: number;
  readonly componentEnd: number;
}

/** Checks an AGP 2.1 file, against the sequences when their lengths are given. Never throws for what is in the file. */
export async function checkAgp(source: Bytes, options: AgpOptions = {}): Promise<AgpReport> {
  const findings = findingsFor(options);
  const objects = new Map<string, number>();
  let last: Part | undefined;
  let lastLine = 0;
  let components = 0;

  const finish = () => {
    if (last?.gap === true)
      findings.add(assemblyRules.agpGapEnd, { line: lastLine }, last.object, { object: last.object });
  };

  const follow = (part: Part, line: number) => {
    const { object } = part;
    const begins = last?.object !== object;
    if (begins) finish();
    const wrong = (field: string, expected: number | string) =>
      findings.add(assemblyRules.agpOrder, { line }, object, { field, object, expected });
    if (begins && objects.has(object)) wrong('object', 'contiguous');
    const number = begins || last === undefined ? 1 : last.number + 1;
    const start = begins || last === undefined ? 1 : last.end + 1;
    if (part.number !== number) wrong('part_number', number);
    if (part.start !== start) wrong('object_beg', start);
    if (begins && part.gap) findings.add(assemblyRules.agpGapEnd, { line }, object, { object });
    const span = part.end - part.start + 1;
    if (span !== part.length)
      findings.add(assemblyRules.agpLength, { line }, object, { object: span, part: part.length });
    if (!part.gap) {
      components += 1;
      const known = options.lengths?.get(part.component);
      if (options.lengths !== undefined && (known === undefined || known < part.componentEnd))
        findings.add(assemblyRules.agpComponent, { line, column: 6 }, part.component, {
          name: part.component,
          end: part.componentEnd,
        });
    }
    objects.set(object, part.end);
    last = part;
    lastLine = line;
  };

  const splitter = splitLines({
    tooLong: (line) => findings.add(textRules.lineTooLong, { line }, undefined, { line, limit: lineLimit }),
    line(text, line) {
      if (text.startsWith('#') || text === '') return;
      const part = readPart(text, line, findings);
      if (part !== undefined) follow(part, line);
    },
  });
  const { compression, complete } = await feed(source, ['agp', 'text'], splitter, findings, options);
  splitter.end(complete);
  if (complete) {
    finish();
    if (objects.size > 0 && components === objects.size && !findings.refused)
      findings.add(assemblyRules.agpSingletons, {});
  }
  return { ...reportOf('agp', compression, findings), format: 'agp', objects };
}

function readPart(text: string, line: number, findings: Findings): Part | undefined {
  const columns = text.split('\t');
  const [object = '', start = '', end = '', number = '', type = '', sixth = '', seventh = '', eighth = '', ninth = ''] =
    columns;
  const wrong = (field: string) => findings.add(assemblyRules.agpColumns, { line }, text, { field });
  const positive = (value: string) => /^[1-9]\d*$/.test(value);
  const faults: readonly (readonly [string, boolean])[] = [
    ['columns', columns.length !== 9],
    ['object', object === '' || /\s/.test(object)],
    ['object_beg', !positive(start)],
    ['object_end', !positive(end) || Number(end) < Number(start)],
    ['part_number', !positive(number)],
    ['component_type', !/^[ADFGOPWNU]$/.test(type)],
    ...(/^[NU]$/.test(type)
      ? gapFaults(type, sixth, seventh, eighth, ninth)
      : componentFaults(sixth, seventh, eighth, ninth)),
  ];
  const fault = faults.find(([, met]) => met);
  if (fault !== undefined) {
    wrong(fault[0]);
    return undefined;
  }
  const gap = /^[NU]$/.test(type);
  const length = gap ? Number(sixth) : Number(eighth) - Number(seventh) + 1;
  return {
    object,
    start: Number(start),
    end: Number(end),
    number: Number(number),
    gap,
    component: sixth,
    length,
    componentEnd: Number(eighth),
  };

  function gapFaults(
    kind: string,
    length: string,
    gapType: string,
    linkage: string,
    told: string,
  ): [string, boolean][] {
    const linked = linkage === 'yes';
    return [
      ['gap_length', !positive(length) || (kind === 'U' && length !== '100')],
      ['gap_type', !gapTypes.has(gapType)],
      [
        'linkage',
        !/^(?:yes|no)$/.test(linkage) || (linked && !bridged.has(gapType)) || (!linked && gapType === 'scaffold'),
      ],
      ['linkage_evidence', linked ? !told.split(';').every((item) => evidence.has(item)) : told !== 'na'],
    ];
  }

  function componentFaults(name: string, from: string, to: string, orientation: string): [string, boolean][] {
    return [
      ['component_id', name === '' || /\s/.test(name)],
      ['component_beg', !positive(from)],
      ['component_end', !positive(to) || Number(to) < Number(from)],
      ['orientation', !/^(?:\+|-|\?|0|na)$/.test(orientation)],
    ];
  }
}
