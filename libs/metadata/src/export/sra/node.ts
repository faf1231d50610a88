/** An element to be written; undefined children are left out. */
export interface Node {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | undefined>>;
  readonly content: string | readonly Node[];
}

/** Makes an element. */
export const node = (
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  content: string | readonly (Node | undefined)[] = [],
): Node => ({
  name,
  attributes,
  content: typeof content === 'string' ? content : content.filter((child) => child !== undefined),
});

/** Makes an element of a text, or nothing when there is none. */
export const leaf = (name: string, text: string | undefined): Node | undefined =>
  text === undefined ? undefined : node(name, {}, text);

// oxlint-disable-next-line no-control-regex -- these characters are what XML forbids
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;

/** Whether a text holds characters that XML 1.0 cannot (section 2.2). */
export const unwritable = (text: string): boolean => text.search(forbidden) >= 0;

const signs: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};
const breaks: Readonly<Record<string, string>> = { ...signs, '\n': '&#10;', '\t': '&#9;' };

const text = (value: string): string =>
  value.replace(forbidden, '').replace(/[&<>"\r]/g, (sign) => signs[sign] ?? sign);
const quoted = (value: string): string =>
  value.replace(forbidden, '').replace(/[&<>"\r\n\t]/g, (sign) => breaks[sign] ?? sign);

/** Writes an element and what it holds, indented. */
export function writeNode({ name, attributes, content }: Node, indent = ''): string {
  const head = Object.entries(attributes)
    .map(([key, value]) => (value === undefined ? '' : ` ${key}="${quoted(value)}"`))
    .join('');
  if (content.length === 0) return `${indent}<${name}${head}/>\n`;
  if (typeof content === 'string') return `${indent}<${name}${head}>${text(content)}</${name}>\n`;
  const inner = content.map((child) => writeNode(child, `${indent}  `)).join('');
  return `${indent}<${name}${head}>\n${inner}${indent}</${name}>\n`;
}
