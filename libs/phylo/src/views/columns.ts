import { VirusProblem } from '../rules/problem.ts';
import { treeRules } from '../rules/tree.ts';

/** What a view shows. */
export const viewKinds = { tree: 1, map: 2, timeline: 3 } as const;
export type ViewKind = keyof typeof viewKinds;
export type Column = Uint32Array | Int32Array | Float32Array;

const types = { Uint32Array: 1, Int32Array: 2, Float32Array: 3 } as const;
const magic = 0x31_56_57_47;

/**
 * Packs columns of four-byte numbers, little-endian, each behind its type and length; a viewer lays typed arrays over them without copying.
 * Layout: docs/formats/tree-view.md.
 */
export function packView(kind: ViewKind, columns: readonly Column[]): Uint8Array<ArrayBuffer> {
  const words = 3 + columns.reduce((sum, column) => sum + 2 + column.length, 0);
  const bytes = new Uint8Array(words * 4);
  const view = new DataView(bytes.buffer);
  [magic, viewKinds[kind], columns.length].forEach((word, at) => view.setUint32(at * 4, word, true));
  let at = 12;
  for (const column of columns) {
    view.setUint32(at, types[column.constructor.name as keyof typeof types], true);
    view.setUint32(at + 4, column.length, true);
    at += 8;
    for (const value of column) {
      if (column instanceof Float32Array) view.setFloat32(at, value, true);
      else if (column instanceof Int32Array) view.setInt32(at, value, true);
      else view.setUint32(at, value, true);
      at += 4;
    }
  }
  return bytes;
}

/** Reads a packed view. Throws `treeRules.syntax`. */
export function readView(bytes: Uint8Array): { readonly kind: ViewKind; readonly columns: readonly Column[] } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fail = (): never => {
    throw new VirusProblem(treeRules.syntax, { reason: 'it is no view, or it is cut off' });
  };
  if (bytes.length < 12 || view.getUint32(0, true) !== magic) return fail();
  const kind = (Object.keys(viewKinds) as ViewKind[]).find((name) => viewKinds[name] === view.getUint32(4, true));
  if (kind === undefined) return fail();
  const columns: Column[] = [];
  let at = 12;
  for (let count = view.getUint32(8, true); count > 0; count--) {
    if (at + 8 > bytes.length) return fail();
    const type = view.getUint32(at, true);
    const length = view.getUint32(at + 4, true);
    at += 8;
    if (type < 1 || type > 3 || at + length * 4 > bytes.length) return fail();
    const column =
      type === 1 ? new Uint32Array(length) : type === 2 ? new Int32Array(length) : new Float32Array(length);
    for (let row = 0; row < length; row++, at += 4)
      column[row] =
        type === 1 ? view.getUint32(at, true) : type === 2 ? view.getInt32(at, true) : view.getFloat32(at, true);
    columns.push(column);
  }
  return at === bytes.length ? { kind, columns } : fail();
}
