import { ByteReader, bytesOf, type Bytes } from '../bytes/reader.ts';
import { excerpt, type Findings } from '../findings.ts';
import { isArchive, isCompression, sniff, sniffLength, type Compression, type Kind } from '../sniff.ts';
import { reportTo, type LayerState } from './gzip-header.ts';
import { gunzip } from './gzip.ts';
import { bunzip2 } from './bzip2.ts';
import { DamagedStream, type Inflate } from './inflate.ts';
import { layerRules } from './rules.ts';
import { unzstd } from './zstd.ts';

/** A file with its compression taken off, as far as that goes. */
export interface Opened {
  readonly compression: Compression | 'none';
  /** What the bytes inside are. */
  readonly kind: Kind;
  readonly content: ByteReader;
  /** Filled while `content` is read. */
  readonly state: LayerState;
}

/** Most bytes that a file may unpack to unless told otherwise: 16 TiB. */
export const unpackedLimit = 2 ** 44;

/** Formats that are compressed by themselves and therefore refuse a layer around them. */
const selfCompressed: ReadonlySet<Kind> = new Set<Kind>(['cram', 'hdf5', 'pod5', 'crypt4gh', 'pdf']);

/**
 * Sniffs a source and takes off one layer of compression. Archives, double compression and damage become findings;
 * then `kind` says what was met and there is nothing to read on with `state.broken` set.
 */
export async function openLayers(
  source: Bytes,
  { inflate, findings, limit = unpackedLimit }: { inflate: Inflate; findings: Findings; limit?: number },
): Promise<Opened> {
  const outer = new ByteReader(source);
  const state: LayerState = { broken: false };
  const first = await outer.peek(sniffLength);
  const outerKind = sniff(first);
  const refuse = (rule: (typeof layerRules)[keyof typeof layerRules], params = {}) => {
    findings.add(rule, { offset: 0 }, excerpt(first, 0, 16), params);
    state.broken = true;
  };
  if (isArchive(outerKind)) refuse(layerRules.archive, { kind: outerKind });
  if (!isCompression(outerKind)) return { compression: 'none', kind: outerKind, content: outer, state };

  const bytes = unpack(outerKind, outer, inflate, findings, state);
  const content = new ByteReader(limited(bytes, limit, findings, state));
  const kind = sniff(await content.peek(sniffLength));
  if (isCompression(kind) || isArchive(kind)) refuse(layerRules.twice, { outer: outerKind, inner: kind });
  else if (selfCompressed.has(kind)) refuse(layerRules.recompressed, { outer: outerKind, inner: kind });
  return { compression: outerKind, kind, content, state };
}

function unpack(kind: Compression, source: ByteReader, inflate: Inflate, findings: Findings, state: LayerState): Bytes {
  if (kind === 'gzip' || kind === 'bgzf') return gunzip(source, inflate, reportTo(findings, state));
  if (kind === 'zstd' && inflate.zstd) return unzstd(source, inflate.zstd, findings, state);
  if (kind === 'bzip2') return checked(bunzip2(source), source, findings, state);
  findings.add(layerRules.unsupported, { offset: 0 }, undefined, { kind });
  state.broken = true;
  return bytesOf();
}

/** Turns the fault of a decoder into a finding that ends the data. */
async function* checked(
  bytes: Bytes,
  source: ByteReader,
  findings: Findings,
  state: LayerState,
): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    if (!(error instanceof DamagedStream)) throw error;
    const { offset } = source;
    state.broken = true;
    if (error.reason === 'truncated') findings.add(layerRules.truncated, { offset }, undefined, { offset });
    else findings.add(layerRules.corrupt, { offset }, undefined, { offset, reason: error.message });
  }
}

async function* limited(
  bytes: Bytes,
  limit: number,
  findings: Findings,
  state: LayerState,
): AsyncGenerator<Uint8Array> {
  let sum = 0;
  for await (const chunk of bytes) {
    sum += chunk.length;
    if (sum > limit) {
      findings.add(layerRules.tooLarge, { offset: sum - chunk.length }, undefined, { limit });
      state.broken = true;
      return;
    }
    yield chunk;
  }
}
