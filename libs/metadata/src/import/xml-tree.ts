import { SaxesParser } from 'saxes';

/** An element of a small document. Text is that of the element itself, trimmed. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

/** Why an imported document was refused: with line and column for XML. */
export class ImportProblem extends Error {
  readonly code: 'size' | 'xml' | 'doctype' | 'yaml' | 'kind';
  readonly line: number | undefined;
  constructor(code: ImportProblem['code'], message: string, line?: number) {
    super(message);
    this.name = 'ImportProblem';
    this.code = code;
    this.line = line;
  }
}

const limits = { characters: 20_000_000, depth: 40, elements: 500_000 };

interface Growing {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Growing[];
  text: string;
}

/**
 * Reads an XML document into a tree, bounded in size, depth and number of elements. A document type declaration is refused, so
 * that no entity is ever defined or fetched. Throws `ImportProblem`.
 */
export function readXmlTree(xml: string): Element {
  if (xml.length > limits.characters) throw new ImportProblem('size', `more than ${limits.characters} characters`);
  const parser = new SaxesParser({ position: true, xmlns: false });
  const root: Growing = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  let elements = 0;
  parser.on('doctype', () => {
    throw new ImportProblem('doctype', 'document type declarations are not read', parser.line);
  });
  parser.on('error', (error) => {
    throw new ImportProblem('xml', error.message, parser.line);
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (++elements > limits.elements)
      throw new ImportProblem('size', `more than ${limits.elements} elements`, parser.line);
    if (open.length > limits.depth)
      throw new ImportProblem('size', `elements nested deeper than ${limits.depth}`, parser.line);
    const element: Growing = { name, attributes, children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  const addText = (text: string): void => {
    const top = open.at(-1);
    if (top) top.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const closed = open.pop();
    if (closed) closed.text = closed.text.trim();
  });
  parser.write(xml).close();
  const [document] = root.children;
  if (!document) throw new ImportProblem('xml', 'no element');
  return document;
}

/** All elements of a name below one, in document order. */
export function* descendants(element: Element, name: string): Generator<Element> {
  for (const child of element.children) {
    if (child.name === name) yield child;
    yield* descendants(child, name);
  }
}

export const childrenOf = (element: Element, name: string): readonly Element[] =>
  element.children.filter((child) => child.name === name);

export const childOf = (element: Element, name: string): Element | undefined =>
  element.children.find((child) => child.name === name);

/** Text of the first child of a name, or nothing when it is absent or empty. */
export const textOf = (element: Element, name: string): string | undefined => childOf(element, name)?.text || undefined;
