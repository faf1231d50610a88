/**
 * The language of conditions across fields:
 *
 *     [library_layout] = 'PAIRED' implies present([nominal_length])
 *     not ([host_age] < 0) and [sex] in ('male', 'female')
 *
 * Precedence from loose to tight: implies, or, and, not. A comparison with an empty field is false, `!=` true. Numbers
 * compare as numbers, everything else without regard to case.
 */
export type Condition =
  | {
      readonly ok: true;
      readonly fields: readonly string[];
      readonly holds: (value: (field: string) => string | undefined) => boolean;
    }
  | { readonly ok: false; readonly reason: string };

type Value = (field: string) => string | undefined;
type Test = (value: Value) => boolean;

class Malformed extends Error {}

const token = /\s*(?:\[([^\]]{1,200})\]|'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?)|(<=|>=|!=|=|<|>|\(|\)|,)|([a-z]+))/y;

/** Reads a condition; says why when it cannot. */
export function compileCondition(expression: string): Condition {
  if (expression.length > 2_000) return { ok: false, reason: 'longer than 2000 characters' };
  try {
    const fields = new Set<string>();
    return { ok: true, holds: parse(tokens(expression), fields), fields: [...fields] };
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, reason: error.message };
    throw error;
  }
}

interface Token {
  readonly kind: 'field' | 'text' | 'number' | 'sign' | 'word' | 'end';
  readonly text: string;
}

function tokens(expression: string): Token[] {
  const list: Token[] = [];
  const trimmed = expression.trim();
  token.lastIndex = 0;
  while (token.lastIndex < trimmed.length) {
    const at = token.lastIndex;
    const match = token.exec(trimmed);
    if (!match) throw new Malformed(`"${trimmed.slice(at, at + 20)}" is not understood`);
    const [, field, text, number, sign, word] = match;
    if (field !== undefined) list.push({ kind: 'field', text: field });
    else if (text !== undefined) list.push({ kind: 'text', text: text.replaceAll("''", "'") });
    else if (number !== undefined) list.push({ kind: 'number', text: number });
    else if (sign !== undefined) list.push({ kind: 'sign', text: sign });
    else list.push({ kind: 'word', text: word ?? '' });
  }
  return [...list, { kind: 'end', text: 'the end' }];
}

function parse(list: readonly Token[], fields: Set<string>): Test {
  let at = 0;
  let depth = 0;
  const peek = (): Token => list[at] ?? { kind: 'end', text: 'the end' };
  const take = (text: string): boolean => {
    const { kind } = peek();
    if ((kind !== 'sign' && kind !== 'word') || peek().text !== text) return false;
    at++;
    return true;
  };
  const expect = (text: string): void => {
    if (!take(text)) throw new Malformed(`"${text}" expected before ${peek().text}`);
  };
  const field = (): string => {
    const { kind, text } = peek();
    if (kind !== 'field') throw new Malformed(`a [field] expected before ${text}`);
    at++;
    fields.add(text);
    return text;
  };
  const literal = (): string => {
    const { kind, text } = peek();
    if (kind !== 'text' && kind !== 'number') throw new Malformed(`a value expected before ${text}`);
    at++;
    return text;
  };

  const implication = (): Test => {
    if (++depth > 50) throw new Malformed('nested too deep');
    const first = either();
    const test: Test = take('implies') ? then(first, implication()) : first;
    depth--;
    return test;
  };
  const then =
    (first: Test, second: Test): Test =>
    (value) =>
      !first(value) || second(value);
  const either = (): Test => {
    const tests = [both()];
    while (take('or')) tests.push(both());
    return (value) => tests.some((test) => test(value));
  };
  const both = (): Test => {
    const tests = [single()];
    while (take('and')) tests.push(single());
    return (value) => tests.every((test) => test(value));
  };
  const single = (): Test => {
    if (take('not')) {
      const test = single();
      return (value) => !test(value);
    }
    if (take('(')) {
      const test = implication();
      expect(')');
      return test;
    }
    if (take('present')) {
      expect('(');
      const name = field();
      expect(')');
      return (value) => (value(name) ?? '') !== '';
    }
    const name = field();
    if (take('in')) return oneOf(name);
    const { kind, text } = peek();
    if (kind !== 'sign' || !(text in comparisons)) throw new Malformed(`a comparison expected before ${text}`);
    at++;
    const wanted = literal();
    return (value) => compare(value(name), text as keyof typeof comparisons, wanted);
  };
  const oneOf = (name: string): Test => {
    expect('(');
    const values = [literal()];
    while (take(',')) values.push(literal());
    expect(')');
    return (value) => values.some((wanted) => compare(value(name), '=', wanted));
  };

  const test = implication();
  if (peek().kind !== 'end') throw new Malformed(`${peek().text} is too much`);
  return test;
}

const comparisons = {
  '=': (order: number) => order === 0,
  '!=': (order: number) => order !== 0,
  '<': (order: number) => order < 0,
  '<=': (order: number) => order <= 0,
  '>': (order: number) => order > 0,
  '>=': (order: number) => order >= 0,
} as const;

function compare(value: string | undefined, sign: keyof typeof comparisons, wanted: string): boolean {
  if (value === undefined || value === '') return sign === '!=';
  const [a, b] = [Number(value), Number(wanted)];
  if (!Number.isNaN(a) && !Number.isNaN(b)) return comparisons[sign](a - b);
  const [x, y] = [value.toLowerCase(), wanted.toLowerCase()];
  return comparisons[sign](x < y ? -1 : x > y ? 1 : 0);
}
