import * as fc from 'fast-check';
import { concat } from '../bytes/reader.ts';

/** One change of a file, as transfers, editors, scripts and disks make them. */
export interface Mutation {
  readonly kind:
    | 'flip'
    | 'cut'
    | 'drop'
    | 'repeat'
    | 'swap'
    | 'insert'
    | 'line dropped'
    | 'line repeated'
    | 'lines swapped'
    | 'column dropped'
    | 'number';
  /** Where, as shares of the file between 0 and 1, so that it fits a file of any size. */
  readonly at: number;
  readonly to: number;
  readonly byte: number;
}

const kinds: readonly Mutation['kind'][] = [
  'flip',
  'cut',
  'drop',
  'repeat',
  'swap',
  'insert',
  'line dropped',
  'line repeated',
  'lines swapped',
  'column dropped',
  'number',
];

const share = fc.double({ min: 0, max: 1, noNaN: true });
/** Bytes that matter in these formats, and any. */
const telling = fc.constantFrom(...new Uint8Array([0, 9, 10, 13, 32, 34, 43, 45, 58, 62, 64, 127, 128, 255]));

/** A mutation to be tried, which fast-check makes smaller when it finds a fault. */
export const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom(...kinds),
  at: share,
  to: share,
  byte: fc.oneof(telling, fc.integer({ min: 0, max: 255 })),
});

/** Numbers at the edges of what fields hold. */
const edges = ['-1', '0', '255', '65536', '2147483648', '4294967296', '9007199254740993', '1e309', 'NaN', ''];

/** Makes the change; a file without bytes stays as it is. */
export function mutate(bytes: Uint8Array, { kind, at, to, byte }: Mutation): Uint8Array {
  if (bytes.length === 0) return bytes;
  const place = (part: number) => Math.min(bytes.length - 1, Math.floor(part * bytes.length));
  const [from, end] = [Math.min(place(at), place(to)), Math.max(place(at), place(to))];
  const piece = (start: number, stop?: number) => bytes.subarray(start, stop);
  const changes: Readonly<Partial<Record<Mutation['kind'], () => Uint8Array>>> = {
    flip: () => concat(piece(0, from), Uint8Array.of(byte), piece(from + 1)),
    insert: () => concat(piece(0, from), Uint8Array.of(byte), piece(from)),
    cut: () => piece(0, from),
    drop: () => concat(piece(0, from), piece(Math.min(end, from + 1 + byte))),
    repeat: () => concat(piece(0, end), piece(from)),
    swap: () => concat(piece(end), piece(from, end), piece(0, from)),
  };
  return changes[kind]?.() ?? mutateLines(bytes, kind, at, to, byte);
}

function mutateLines(bytes: Uint8Array, kind: Mutation['kind'], at: number, to: number, byte: number): Uint8Array {
  const lines = Buffer.from(bytes).toString('latin1').split('\n');
  const place = (part: number) => Math.min(lines.length - 1, Math.floor(part * lines.length));
  const [first, second] = [place(at), place(to)];
  const line = lines[first] ?? '';
  if (kind === 'line dropped') lines.splice(first, 1);
  else if (kind === 'line repeated') lines.splice(second, 0, line);
  else if (kind === 'lines swapped') [lines[first], lines[second]] = [lines[second] ?? '', line];
  else if (kind === 'column dropped') {
    const columns = line.split('\t');
    columns.splice(byte % columns.length, 1);
    lines[first] = columns.join('\t');
  } else {
    const numbers = [...line.matchAll(/\d+/g)];
    const number = numbers[byte % Math.max(1, numbers.length)];
    if (number)
      lines[first] =
        line.slice(0, number.index) + (edges[byte % edges.length] ?? '') + line.slice(number.index + number[0].length);
  }
  return Uint8Array.from(Buffer.from(lines.join('\n'), 'latin1'));
}
