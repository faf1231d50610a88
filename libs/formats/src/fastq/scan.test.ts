import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { startFastq } from './check.ts';
import { checkFile } from '../check-file.ts';
import { collectFindings } from '../findings.ts';
import { countBases } from './bases.ts';
import { emptyReadName, readName } from './names.ts';
import { kernelRoom, roomSize } from './scan.ts';
import { splitRecords } from './records.ts';
import { emptyTally, sumQualities } from './statistics.ts';

const place = fc.integer({ min: 0, max: 300 });
/** Mostly what stands in such files, sometimes anything. */
const bytesOf = (usual: string) =>
  fc
    .uint8Array({ maxLength: 300 })
    .chain((noise) =>
      fc
        .tuple(fc.constant(noise), fc.constantFrom(1, 40, 1000))
        .map(([bytes, one]) =>
          bytes.map((byte, at) => (at % one === 0 && one < 1000 ? byte : usual.charCodeAt(byte % usual.length))),
        ),
    );

const room = kernelRoom();
if (room === undefined) throw new Error('this host has no WebAssembly');
const { text, ends, answers } = room;

describe('the kernels answer as plain code does', () => {
  beforeEach(() => void text.fill(65));
  const inRoom = (bytes: Uint8Array) => text.set(bytes);

  it('bases', () => {
    fc.assert(
      fc.property(bytesOf('ACGTacgtuUNnRYSWKMBDHVryswkmbdhv.-'), place, (bytes, start) => {
        inRoom(bytes);
        const [here, there] = [emptyTally(), emptyTally()];
        const wrong = countBases(here, text, Math.min(start, bytes.length), bytes.length);
        expect(wrong).toBe(countBases(there, bytes, Math.min(start, bytes.length), bytes.length));
        expect(here).toEqual(there);
      }),
      { numRuns: 2000 },
    );
    const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    inRoom(every);
    for (let byte = 0; byte < 256; byte += 1)
      expect(countBases(emptyTally(), text, byte, byte + 1)).toBe(countBases(emptyTally(), every, byte, byte + 1));
  });

  it('qualities', () => {
    fc.assert(
      fc.property(bytesOf('!"#$%IJKh~'), place, (bytes, start) => {
        inRoom(bytes);
        const [here, there] = [emptyTally(), emptyTally()];
        const sum = sumQualities(here, text, Math.min(start, bytes.length), bytes.length);
        expect(sum).toBe(sumQualities(there, bytes, Math.min(start, bytes.length), bytes.length));
        expect(here).toEqual(there);
      }),
      { numRuns: 2000 },
    );
  });

  it('names', () => {
    fc.assert(
      fc.property(bytesOf('A0:_/12 \t'), place, (bytes, start) => {
        inRoom(bytes);
        const [here, there] = [emptyReadName(), emptyReadName()];
        readName(here, text, Math.min(start, bytes.length), bytes.length);
        readName(there, bytes, Math.min(start, bytes.length), bytes.length);
        expect(here).toEqual(there);
      }),
      { numRuns: 2000 },
    );
  });

  it('line ends, more of them than fit at once too', () => {
    fc.assert(
      fc.property(bytesOf('AC\n'), place, (bytes, start) => {
        inRoom(bytes);
        const from = Math.min(start, bytes.length);
        const wanted = [...bytes.keys()].filter((at) => at >= from && bytes[at] === 10);
        expect([...ends.subarray(0, room.lines(from, bytes.length))]).toEqual(wanted);
      }),
      { numRuns: 1000 },
    );
    text.fill(10);
    let found = 0;
    for (let at = 0; at < roomSize; at = answers[0] ?? roomSize) {
      const count = room.lines(at, roomSize);
      expect(ends[0]).toBe(at);
      expect(ends[count - 1]).toBe(at + count - 1);
      found += count;
    }
    expect(found).toBe(roomSize);
  });
});

/** What the splitter tells of a text that comes in such chunks. */
function told(bytes: Uint8Array, size: number): string[] {
  const seen: string[] = [];
  const splitter = splitRecords({
    record: ({ line, record, bytes: from, nameStart, sequenceStart, sequenceEnd, qualityStart, qualityEnd }) =>
      void seen.push(
        `${record} ${line} ${from[nameStart + 1]} ${sequenceEnd - sequenceStart} ${from[sequenceStart]} ${qualityEnd - qualityStart} ${from[qualityEnd - 1]}`,
      ),
    blankLine: (line) => void seen.push(`blank ${line}`),
    broken: ({ reason, line }) => void seen.push(`${reason} ${line}`),
  });
  for (let at = 0; at < bytes.length; at += size) splitter.push(bytes.subarray(at, at + size));
  splitter.end(true);
  return seen;
}

const record = (name: string, length: number) => `@${name}\n${'ACGT'.repeat(length / 4)}\n+\n${'I'.repeat(length)}\n`;

it('cuts records alike, whether they fit into the room, fill it or are far longer than it', () => {
  const lengths = [4, 400_000, 600_000, 8, 100, 3_000_000, 12, 524_288, 1_048_576, 16];
  const bytes = new TextEncoder().encode(`${lengths.map((length, nth) => record(`${nth}`, length)).join('')}\n\n`);
  const wanted = lengths.map((length, nth) => `${nth + 1} ${1 + 4 * nth} ${48 + nth} ${length} 65 ${length} 73`);
  for (const size of [bytes.length, roomSize, roomSize + 1, 65_536, 99_991])
    expect(told(bytes, size)).toEqual([...wanted, 'blank 41', 'blank 42']);
});

it('lets two checks take turns, for what is held is their own', () => {
  const many = (letter: string) => Array.from({ length: 3000 }, (_, n) => record(`${letter}${n}`, 152)).join('');
  const texts = ['a', 'b'].map((letter) => new TextEncoder().encode(many(letter)));
  const findings = texts.map(() => collectFindings());
  const checks = findings.map((each) => startFastq(each));
  for (let at = 0; at < (texts[0]?.length ?? 0); at += 10_007)
    for (const [nth, check] of checks.entries()) check.push(texts[nth]?.subarray(at, at + 10_007) ?? new Uint8Array());
  for (const [nth, check] of checks.entries()) {
    const { statistics, suspected } = check.end(true);
    expect(statistics).toMatchObject({ reads: 3000, bases: 456_000, gc: 0.5, meanQuality: 40 });
    expect(suspected).toBe(0);
    expect(findings[nth]?.list).toEqual([]);
  }
});

it('reads a source that puts each chunk where the one before lay', async () => {
  const text = new TextEncoder().encode(Array.from({ length: 500 }, (_, n) => record(`r${n}`, 152)).join(''));
  for (const size of [1, 7, 300, 65_536]) {
    const chunks = async function* () {
      const place = new Uint8Array(size);
      for (let at = 0; at < text.length; at += size) {
        const chunk = text.subarray(at, at + size);
        place.set(chunk);
        yield place.subarray(0, chunk.length);
      }
    };
    expect(await checkFile(chunks())).toMatchObject({ format: 'fastq', findings: [], statistics: { reads: 500 } });
  }
});
