import { scanWasm } from './scan.wasm.ts';

/** Bytes of text that the kernels look at in place. */
export const roomSize = 2 ** 20;
const endsRoom = 16_384;
const answersRoom = 9;

/**
 * Text in the memory of the WebAssembly kernels (`scan.wat`), which look at sixteen bytes at a time. There is one for all checks:
 * a check fills it and looks at it within one call. `answers` holds what a kernel tells beside its result.
 */
interface Room {
  readonly text: Uint8Array;
  readonly ends: Int32Array;
  readonly answers: Int32Array;
  /** Places of line feeds into `ends`; how many. Answer 0: up to where was looked. */
  lines(from: number, to: number): number;
  /** How many are no bases. Answers: 1 G and C, 2 ambiguous ones. */
  bases(from: number, to: number): number;
  /** The sum of bytes. Answers: 3 the least, 4 the greatest. */
  sum(from: number, to: number): number;
  /** The end of an identifier. Answers: 5 and 6 its hashes, 7 and 8 those without the last two bytes. */
  identifier(from: number, to: number): number;
}

/** The part of the host's WebAssembly that is used; Node and browsers have it alike. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: unknown };
};

type Exports = Pick<Room, 'lines' | 'bases' | 'sum' | 'identifier'> & {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly text: { readonly value: number };
  readonly ends: { readonly value: number };
};

function load(): Room | undefined {
  try {
    const code = Uint8Array.from(atob(scanWasm), (letter) => letter.charCodeAt(0));
    const { memory, text, ends, lines, bases, sum, identifier } = new WebAssembly.Instance(new WebAssembly.Module(code))
      .exports as Exports;
    const { buffer } = memory;
    return {
      text: new Uint8Array(buffer, text.value, roomSize),
      ends: new Int32Array(buffer, ends.value, endsRoom),
      answers: new Int32Array(buffer, 0, answersRoom),
      lines,
      bases,
      sum,
      identifier,
    };
  } catch {
    // A page whose policy forbids WebAssembly, or a browser without vectors: the same is done byte by byte.
    return undefined;
  }
}

let loaded: Room | undefined;
let tried = false;

/** The room of the kernels, made at the first check; undefined where the host has none. */
export function kernelRoom(): Room | undefined {
  if (!tried) loaded = load();
  tried = true;
  return loaded;
}
