/**
 * Regular expressions of imported checklists, matched without backtracking (Thompson's construction, Pike's simulation:
 * Cox, "Regular Expression Matching: the Virtual Machine Approach", 2009). Time grows with value length times pattern
 * size, so that no pattern from outside can hang a server. No captures, back references or look-around.
 */
export type Pattern =
  | { readonly ok: true; readonly matches: (value: string) => boolean }
  | { readonly ok: false; readonly reason: string };

type Ranges = readonly (readonly [from: number, to: number])[];
type Assertion = 'start' | 'end' | 'boundary' | 'inside';
type Node =
  | { readonly kind: 'set'; readonly ranges: Ranges; readonly negated: boolean }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly items: readonly Node[] }
  | { readonly kind: 'repeat'; readonly item: Node; readonly min: number; readonly max: number }
  | { readonly kind: 'assert'; readonly assertion: Assertion };
type Step =
  | { readonly op: 'set'; readonly ranges: Ranges; readonly negated: boolean }
  | { readonly op: 'assert'; readonly assertion: Assertion }
  | { op: 'split'; first: number; second: number }
  | { op: 'jump'; to: number }
  | { readonly op: 'match' };

const longestPattern = 5_000;
const mostSteps = 2_000;
const mostRepeats = 1_000;
const longestValue = 10_000;

const longestNative = 300;

class Unsupported extends Error {}

/** Prepares a pattern that the whole value must match; says why when its syntax is not supported. */
export function compilePattern(source: string): Pattern {
  if (source.length > longestPattern) return { ok: false, reason: `longer than ${longestPattern} characters` };
  try {
    const tree = parse(source);
    const steps = program(tree);
    const native = tame(tree) ? new RegExp(`^(?:${source})$`) : undefined;
    const matches = (value: string): boolean => {
      if (native && value.length <= longestNative) return native.test(value);
      return value.length <= longestValue && run(steps, value);
    };
    return { ok: true, matches };
  } catch (error) {
    if (error instanceof Unsupported) return { ok: false, reason: error.message };
    throw error;
  }
}

const digit: Ranges = [[48, 57]];
const word: Ranges = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
const space: Ranges = [
  [9, 13],
  [32, 32],
  [160, 160],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
const lineEnds: Ranges = [
  [10, 10],
  [13, 13],
  [0x2028, 0x2029],
];
const named: Readonly<Record<string, Ranges>> = { d: digit, w: word, s: space };
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 };

function parse(source: string): Node {
  let at = 0;
  let depth = 0;

  const choice = (): Node => {
    if (++depth > 100) throw new Unsupported('groups nested too deep');
    const items = [sequence()];
    while (source[at] === '|') {
      at++;
      items.push(sequence());
    }
    depth--;
    return items.length === 1 && items[0] ? items[0] : { kind: 'choice', items };
  };

  const sequence = (): Node => {
    const items: Node[] = [];
    while (at < source.length && source[at] !== '|' && source[at] !== ')') items.push(quantified(atom()));
    return { kind: 'sequence', items };
  };

  const quantified = (item: Node): Node => {
    const [min, max] = quantifier();
    if (min === 1 && max === 1) return item;
    if (source[at] === '?') at++;
    else if (source[at] === '+') throw new Unsupported('possessive quantifier');
    if (item.kind === 'assert') throw new Unsupported('a repeated anchor');
    return { kind: 'repeat', item, min, max };
  };

  const quantifier = (): readonly [number, number] => {
    const sign = source[at];
    if (sign === '*' || sign === '+' || sign === '?') {
      at++;
      return sign === '*' ? [0, Infinity] : sign === '+' ? [1, Infinity] : [0, 1];
    }
    const counted = sign === '{' ? /^\{(\d{1,5})(,(\d{0,5}))?\}/.exec(source.slice(at, at + 16)) : null;
    if (!counted) return [1, 1];
    at += counted[0].length;
    const min = Number(counted[1]);
    const max = counted[2] === undefined ? min : counted[3] === '' ? Infinity : Number(counted[3]);
    if (min > max || min > mostRepeats || (max !== Infinity && max > mostRepeats))
      throw new Unsupported('a repeat count');
    return [min, max];
  };

  const atom = (): Node => {
    const sign = source[at++] ?? '';
    if (sign === '(') return group();
    if (sign === '[') return set();
    if (sign === '.') return { kind: 'set', ranges: lineEnds, negated: true };
    if (sign === '^') return { kind: 'assert', assertion: 'start' };
    if (sign === '$') return { kind: 'assert', assertion: 'end' };
    if (sign === '*' || sign === '+' || sign === '?') throw new Unsupported(`nothing to repeat before "${sign}"`);
    if (sign !== '\\') return literal(sign.charCodeAt(0));
    if (source[at] === 'b' || source[at] === 'B')
      return { kind: 'assert', assertion: source[at++] === 'b' ? 'boundary' : 'inside' };
    const { ranges, negated } = escape();
    return { kind: 'set', ranges, negated };
  };

  const literal = (code: number): Node => ({ kind: 'set', ranges: [[code, code]], negated: false });

  const group = (): Node => {
    if (source[at] === '?') {
      if (source[at + 1] !== ':') throw new Unsupported('look-around or a named group');
      at += 2;
    }
    const inner = choice();
    if (source[at++] !== ')') throw new Unsupported('an open group');
    return inner;
  };

  const escape = (): { ranges: Ranges; negated: boolean } => {
    const sign = source[at++];
    if (sign === undefined) throw new Unsupported('a trailing backslash');
    const known = named[sign.toLowerCase()];
    if (known) return { ranges: known, negated: sign !== sign.toLowerCase() };
    if (/[1-9]/.test(sign)) throw new Unsupported('a back reference');
    if (sign === 'p' || sign === 'P' || sign === 'k') throw new Unsupported(`\\${sign}`);
    const hex =
      sign === 'x'
        ? /^[0-9a-f]{2}/i.exec(source.slice(at))
        : sign === 'u'
          ? /^[0-9a-f]{4}/i.exec(source.slice(at))
          : null;
    if (hex) at += hex[0].length;
    const code = hex ? Number.parseInt(hex[0], 16) : (controls[sign] ?? sign.charCodeAt(0));
    return { ranges: [[code, code]], negated: false };
  };

  const set = (): Node => {
    const negated = source[at] === '^';
    if (negated) at++;
    const ranges: (readonly [number, number])[] = [];
    for (let first = true; first || source[at] !== ']'; first = false) {
      if (at >= source.length) throw new Unsupported('an open character class');
      if (first && source[at] === ']') break;
      const low = member();
      const high =
        source[at] === '-' && source[at + 1] !== ']' && at + 1 < source.length && low.length === 1
          ? (at++, member())
          : low;
      const [from] = low[0] ?? [0];
      const [, to] = high.at(-1) ?? [0, 0];
      if (high === low) ranges.push(...low);
      else if (high.length === 1 && from <= to) ranges.push([from, to]);
      else throw new Unsupported('a character range');
    }
    at++;
    return { kind: 'set', ranges, negated };
  };

  const member = (): Ranges => {
    if (source[at] !== '\\') {
      const code = source.charCodeAt(at++);
      return [[code, code]];
    }
    at++;
    const { ranges, negated } = escape();
    return negated ? complement(ranges) : ranges;
  };

  const tree = choice();
  if (at < source.length) throw new Unsupported(`an unmatched "${source[at]}"`);
  return tree;
}

function complement(ranges: Ranges): Ranges {
  const gaps: (readonly [number, number])[] = [];
  let next = 0;
  for (const [from, to] of ranges) {
    if (from > next) gaps.push([next, from - 1]);
    next = to + 1;
  }
  return [...gaps, [next, 0xffff]];
}

/**
 * Whether the engine's own backtracking is harmless: with two repeats of varying length at most, none inside another, a value
 * of n characters costs some n² steps.
 */
function tame(tree: Node): boolean {
  let varying = 0;
  const flat = (node: Node, repeated: boolean): boolean => {
    if (node.kind === 'sequence' || node.kind === 'choice') return node.items.every((item) => flat(item, repeated));
    if (node.kind !== 'repeat') return true;
    if (repeated || (node.min !== node.max && ++varying > 2)) return false;
    return flat(node.item, true);
  };
  return flat(tree, false);
}

function program(tree: Node): readonly Step[] {
  const steps: Step[] = [];
  const push = <S extends Step>(step: S): S => {
    if (steps.length >= mostSteps) throw new Unsupported(`more than ${mostSteps} steps`);
    steps.push(step);
    return step;
  };
  let emitted = 0;
  const emit = (node: Node): void => {
    if (++emitted > mostSteps * 4) throw new Unsupported('repeats that multiply');
    if (node.kind === 'set') push({ op: 'set', ranges: node.ranges, negated: node.negated });
    else if (node.kind === 'assert') push({ op: 'assert', assertion: node.assertion });
    else if (node.kind === 'sequence') for (const item of node.items) emit(item);
    else if (node.kind === 'choice') emitChoice(node.items);
    else emitRepeat(node);
  };
  const emitChoice = (items: readonly Node[]): void => {
    const ends: { op: 'jump'; to: number }[] = [];
    items.forEach((item, i) => {
      if (i === items.length - 1) return emit(item);
      const split = push({ op: 'split' as const, first: steps.length + 1, second: 0 });
      emit(item);
      ends.push(push({ op: 'jump' as const, to: 0 }));
      split.second = steps.length;
    });
    for (const end of ends) end.to = steps.length;
  };
  const emitRepeat = ({ item, min, max }: Node & { kind: 'repeat' }): void => {
    for (let i = 0; i < min; i++) emit(item);
    if (max === Infinity) {
      const split = push({ op: 'split' as const, first: steps.length + 1, second: 0 });
      const start = steps.length - 1;
      emit(item);
      push({ op: 'jump', to: start });
      split.second = steps.length;
      return;
    }
    const splits: { op: 'split'; first: number; second: number }[] = [];
    for (let i = min; i < max; i++) {
      splits.push(push({ op: 'split' as const, first: steps.length + 1, second: 0 }));
      emit(item);
    }
    for (const split of splits) split.second = steps.length;
  };
  emit(tree);
  push({ op: 'match' });
  return steps;
}

function run(steps: readonly Step[], value: string): boolean {
  let current: number[] = [];
  let next: number[] = [];
  const marks = new Int32Array(steps.length).fill(-1);
  const add = (list: number[], start: number, position: number): void => {
    const waiting = [start];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (marks[at] === position) continue;
      marks[at] = position;
      const step = steps[at];
      if (!step) continue;
      if (step.op === 'jump') waiting.push(step.to);
      else if (step.op === 'split') waiting.push(step.second, step.first);
      else if (step.op !== 'assert') list.push(at);
      else if (holds(step.assertion, value, position)) waiting.push(at + 1);
    }
  };
  add(current, 0, 0);
  for (let position = 0; position < value.length; position++) {
    const code = value.charCodeAt(position);
    next.length = 0;
    for (const at of current) {
      const step = steps[at];
      if (step?.op === 'set' && has(step.ranges, code) !== step.negated) add(next, at + 1, position + 1);
    }
    if (next.length === 0) return false;
    [current, next] = [next, current];
  }
  return current.some((at) => steps[at]?.op === 'match');
}

function has(ranges: Ranges, code: number): boolean {
  for (const [from, to] of ranges) if (code >= from && code <= to) return true;
  return false;
}

function holds(assertion: Assertion, value: string, position: number): boolean {
  if (assertion === 'start') return position === 0;
  if (assertion === 'end') return position === value.length;
  const before = position > 0 && has(word, value.charCodeAt(position - 1));
  const after = position < value.length && has(word, value.charCodeAt(position));
  return (before !== after) === (assertion === 'boundary');
}
