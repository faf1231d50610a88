import type { Place } from '../../rules/rule.ts';
import type { Report } from '../report.ts';

/** One element of an object's XML, held until the object ends. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
  readonly line: number;
  readonly column: number;
}

/** Takes parts out of an element and in the end tells what nobody took, so that nothing is lost unsaid. */
export interface Taker {
  readonly element: Element;
  /** The first child of that name, followed down a path. */
  child: (...path: readonly string[]) => Taker | undefined;
  children: (name: string) => readonly Taker[];
  /** All children not taken yet. */
  rest: () => readonly Taker[];
  /** Trimmed text of the element at a path; undefined when it is absent or empty. */
  text: (...path: readonly string[]) => string | undefined;
  attribute: (name: string) => string | undefined;
  /** Reports what is left in this element and below. */
  finish: () => void;
}

/** Opens an element for taking. */
export function takerOf(element: Element, place: Place, report: Report): Taker {
  const takers = element.children.map((child) => takerOf(child, place, report));
  const taken = new Set<Taker>();
  const attributes = new Set<string>();
  let textTaken = false;
  const mark = (taker: Taker): Taker => {
    taken.add(taker);
    return taker;
  };
  const direct = (name: string): Taker | undefined => takers.find((taker) => taker.element.name === name);
  const self: Taker = {
    element,
    child: (...path) => {
      const [first, ...further] = path;
      const found = first === undefined ? self : direct(first);
      if (!found || found === self) return found;
      return mark(found).child(...further);
    },
    children: (name) => takers.filter((taker) => taker.element.name === name).map(mark),
    rest: () => takers.filter((taker) => !taken.has(taker)).map(mark),
    text: (...path) => {
      if (path.length > 0) return self.child(...path)?.text();
      textTaken = true;
      const text = element.text.trim();
      return text === '' ? undefined : text;
    },
    attribute: (name) => {
      attributes.add(name);
      const value = element.attributes[name];
      return value === undefined || value === '' ? undefined : value;
    },
    finish: () => {
      const left = (value: string): void =>
        report('GW3074', { ...place, line: element.line, column: element.column }, { value });
      for (const name of Object.keys(element.attributes))
        if (!attributes.has(name) && !/^xmlns|:/.test(name)) left(`${element.name}@${name}`);
      if (!textTaken && element.text.trim() !== '') left(element.name);
      for (const taker of takers)
        if (taken.has(taker)) taker.finish();
        else
          report(
            'GW3074',
            { ...place, line: taker.element.line, column: taker.element.column },
            { value: `${element.name}/${taker.element.name}` },
          );
    },
  };
  return self;
}
