import { closeSync, existsSync, fdatasync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { segmentCount, segmentFits, segmentSize, type Manifest } from '@geneward/crypt4gh';
import { crypto, type LeafOf } from './manifest.ts';

/** Segments [from, to) that are not there yet. */
export interface Stretch {
  from: number;
  to: number;
}

/**
 * A file on its way, as long as it will be, beside its final name. What of it is right is not written down anywhere: it is read and
 * held against the hashes of its segments, so neither a killed process nor a power cut can make it lie.
 */
export interface PartFile {
  /** Whether an earlier call left something. */
  readonly begun: boolean;
  write(segment: number, bytes: Uint8Array): void;
  /** Segments that are not what they should be, in their order. */
  missing(leafOf: LeafOf, passed: (segments: number) => void): Promise<Stretch[]>;
  /** Forces everything to the disk. */
  sync(): Promise<void>;
  close(): void;
}

/** So much is sent on to the disk while more comes, so that it need not all be waited for in the end. */
const syncSize = 32 * 2 ** 20;
const sendOn = promisify(fdatasync);

export function openPart(path: string, manifest: Manifest): PartFile {
  const begun = existsSync(path);
  const file = openSync(path, begun ? 'r+' : 'w+', 0o600);
  ftruncateSync(file, manifest.plainSize);
  let unsafe = 0;
  let syncing: Promise<void> | undefined;
  return {
    begun,
    write(segment, bytes) {
      for (let at = 0; at < bytes.length;)
        at += writeSync(file, bytes, at, bytes.length - at, segment * segmentSize + at);
      unsafe += bytes.length;
      if (unsafe < syncSize || syncing) return;
      unsafe = 0;
      // Should it fail, the last one fails as well.
      syncing = sendOn(file)
        .catch(() => undefined)
        .finally(() => (syncing = undefined));
    },
    async missing(leafOf, passed) {
      const found: Stretch[] = [];
      const block = new Uint8Array(segmentSize);
      for (let index = 0; index < segmentCount(manifest); index += 1) {
        const length = readSync(file, block, 0, segmentSize, index * segmentSize);
        if (segmentFits(crypto, manifest, index, block.subarray(0, length), await leafOf(index))) passed(index);
        else addTo(found, index);
      }
      return found;
    },
    async sync() {
      await syncing;
      fsyncSync(file);
    },
    close: () => closeSync(file),
  };
}

/** Adds a segment that lies behind all others. */
export function addTo(stretches: Stretch[], segment: number): void {
  const last = stretches.at(-1);
  if (last?.to === segment) last.to += 1;
  else stretches.push({ from: segment, to: segment + 1 });
}
