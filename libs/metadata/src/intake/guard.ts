/** Signs that a spreadsheet program, or the reader of our tables, takes for the start of a formula or a comment. */
const active = new Set(['=', '+', '-', '@', '#', '\t', '\r']);
const number = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Makes a cell harmless in a spreadsheet program (CWE-1236) by an apostrophe in front; `unguard` takes it away, so that
 * nothing is changed. Plain numbers stay, as `-12.5` computes nothing.
 */
export function guard(cell: string): string {
  const first = cell.charAt(0);
  if (active.has(first)) return number.test(cell) ? cell : `'${cell}`;
  return first === "'" && hidesSign(cell) ? `'${cell}` : cell;
}

/** Gives back what `guard` was given. */
export const unguard = (cell: string): string => (cell.startsWith("'") && hidesSign(cell) ? cell.slice(1) : cell);

const hidesSign = (cell: string): boolean => active.has(cell.charAt(1)) || cell.charAt(1) === "'";
