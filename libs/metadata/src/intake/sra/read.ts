import type { Place } from '../../rules/rule.ts';
import { textReader } from '../encoding.ts';
import type { IntakeItem } from '../items.ts';
import type { IntakeLimits } from '../limits.ts';
import { collectFindings, Refusal } from '../report.ts';
import { xmlReader } from '../xml.ts';
import type { Element } from './element.ts';
import { isObject, readObject } from './objects.ts';
import { readActions } from './submission.ts';

const containers =
  /^((PROJECT|STUDY|SAMPLE|EXPERIMENT|RUN|ANALYSIS|SUBMISSION)_SET|WEBIN|ROOT|EXPERIMENT_PACKAGE(_SET)?)$/;

/**
 * Reads SRA and ENA documents object by object: sets, single objects, or several sets under one root. Each object is held
 * until its end tag, within `limits.elements`; what is outside objects is passed over with a word.
 */
export async function* readSraXml(
  whole: AsyncIterable<Uint8Array>,
  place: Place,
  limits: IntakeLimits,
): AsyncGenerator<IntakeItem> {
  const { report, drain } = collectFindings();
  const text = textReader(place, report);
  let ready: IntakeItem[] = [];
  let open: Element[] = [];
  let elements = 0;
  let held = 0;
  let skipped = 0;
  let depth = 0;

  const give = (element: Element): void => {
    const record = isObject(element.name) ? readObject(element, place, report) : undefined;
    const instructions = element.name === 'SUBMISSION' ? readActions(element, place, report) : [];
    ready.push(...drain().map((finding) => ({ finding })));
    if (record) ready.push({ record });
    ready.push(...instructions.map((instruction) => ({ instruction })));
  };
  const grow = (length: number, { line, column }: Element): void => {
    held += length;
    if (held > limits.object)
      throw new Refusal('GW3009', { ...place, line, column }, { params: { limit: limits.object } });
  };
  const outside = (name: string, line: number, column: number): void => {
    if (containers.test(name)) return;
    if (depth === 1) throw new Refusal('GW3073', { ...place, line, column }, { value: name });
    report('GW3074', { ...place, line, column }, { value: name });
    skipped = depth;
  };
  const xml = xmlReader(place, limits, {
    open: (name, attributes, line, column) => {
      depth++;
      if (skipped > 0) return;
      const parent = open.at(-1);
      if (!parent && !isObject(name) && name !== 'SUBMISSION') {
        outside(name, line, column);
        return;
      }
      elements = parent ? elements + 1 : 1;
      if (!parent) held = 0;
      if (elements > limits.elements)
        throw new Refusal('GW3072', { ...place, line, column }, { params: { limit: limits.elements } });
      const element: Element = { name, attributes, children: [], text: '', line, column };
      parent?.children.push(element);
      open.push(element);
      for (const value of Object.values(attributes)) grow(value.length, element);
    },
    text: (piece) => {
      const element = open.at(-1);
      if (!element) return;
      element.text += piece;
      grow(piece.length, element);
    },
    close: () => {
      if (skipped === depth) skipped = 0;
      depth--;
      const element = open.at(-1);
      if (!element || skipped > 0) return;
      open.pop();
      if (open.length === 0) give(element);
    },
  });
  const step = (run: () => void): unknown => {
    try {
      run();
      return undefined;
    } catch (error) {
      return error;
    }
  };
  function* taken(): Generator<IntakeItem> {
    const items = ready;
    ready = [];
    yield* items;
    for (const finding of drain()) yield { finding };
  }
  for await (const bytes of whole) {
    const refusal = step(() => xml.write(text.write(bytes)));
    yield* taken();
    if (refusal !== undefined) throw refusal;
  }
  const refusal = step(() => {
    xml.write(text.end());
    xml.end();
  });
  yield* taken();
  if (refusal !== undefined) throw refusal;
}
