import type { Finding, Rule } from '@geneward/metadata';
import { ByteReader, bytesOf, type Bytes } from './bytes/reader.ts';
import { collectFindings, findingsPerCode, type Findings } from './findings.ts';
import type { Inflate } from './layers/inflate.ts';
import { openLayers, unpackedLimit, type Opened } from './layers/open.ts';
import { portableInflate } from './layers/portable-inflate.ts';
import { layerRules } from './layers/rules.ts';
import type { Compression, Kind } from './sniff.ts';

/** What every check of a file may be told. */
export interface CheckOptions {
  /** Default: `portableInflate`; in Node pass `zlibInflate(zlib)`. */
  readonly inflate?: Inflate;
  /** Opens the same source again, where a second look makes a suspicion certain. */
  readonly reopen?: () => Bytes;
  /** Findings kept for each code; all are counted. Default 20. */
  readonly findingsPerCode?: number;
  /** Most bytes after decompression. Default 16 TiB. */
  readonly unpackedLimit?: number;
}

/** What every check of a file answers. */
export interface FileReport {
  readonly format: Kind;
  readonly compression: Compression | 'none';
  /** True when no rule of level `error` was met. */
  readonly accepted: boolean;
  /** At most `findingsPerCode` of each code. */
  readonly findings: readonly Finding[];
  /** How often each code was met. */
  readonly counts: Readonly<Record<Rule['code'], number>>;
}

/** A check that bytes are pushed into. */
export interface Machine {
  push(chunk: Uint8Array): void;
  /** True once nothing more can be learnt. */
  readonly over: boolean;
}

/** How a source was read: `complete` is false when it broke off, so that its end proves nothing. */
export interface Fed {
  readonly compression: Compression | 'none';
  readonly kind: Kind;
  readonly complete: boolean;
}

/** The findings collector that the options ask for. */
export const findingsFor = (options: CheckOptions): Findings =>
  collectFindings(options.findingsPerCode ?? findingsPerCode);

/** Opens a source and makes sure that it is of an expected kind; `state.broken` is set when there is nothing to read. */
export async function openAs(
  source: Bytes,
  expected: readonly Kind[],
  findings: Findings,
  options: CheckOptions,
): Promise<Opened> {
  const { inflate = portableInflate, unpackedLimit: limit = unpackedLimit } = options;
  const opened = await openLayers(source, { inflate, findings, limit });
  const { kind, state } = opened;
  if (expected.includes(kind)) return opened;
  if (!state.broken) refuseKind(kind, expected, findings);
  state.broken = true;
  return { ...opened, content: new ByteReader(bytesOf()) };
}

/** Opens a source and pushes its plain bytes into a check. */
export async function feed(
  source: Bytes,
  expected: readonly Kind[],
  machine: Machine,
  findings: Findings,
  options: CheckOptions,
): Promise<Fed> {
  const { compression, kind, content, state } = await openAs(source, expected, findings, options);
  while (!machine.over) {
    const chunk = await content.read();
    if (chunk === undefined) break;
    machine.push(chunk);
  }
  await content.close();
  return { compression, kind, complete: !state.broken };
}

function refuseKind(kind: Kind, expected: readonly Kind[], findings: Findings): void {
  if (kind === 'empty') findings.add(layerRules.empty, { offset: 0 });
  else if (kind === 'utf16') findings.add(layerRules.encoding, { offset: 0 }, undefined, { encoding: 'UTF-16' });
  else findings.add(layerRules.unexpected, { offset: 0 }, undefined, { kind, expected: expected.join(', ') });
}

/** Puts the common part of a report together. */
export function reportOf(format: Kind, compression: Compression | 'none', findings: Findings): FileReport {
  return {
    format,
    compression,
    accepted: !findings.refused,
    findings: findings.list,
    counts: Object.fromEntries(findings.counts),
  };
}
