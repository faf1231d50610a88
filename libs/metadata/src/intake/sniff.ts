/** What the first bytes of a file say it is, whatever its name says. */
export type Content = 'zip' | 'compound' | 'gzip' | 'xml' | 'json' | 'text' | 'binary' | 'empty';

const starts = (head: Uint8Array, ...signature: readonly number[]): boolean =>
  signature.every((byte, at) => head[at] === byte);

/** Tells the kind of content from its first bytes (a few hundred are enough). */
export function sniff(head: Uint8Array): Content {
  if (head.length === 0) return 'empty';
  if (starts(head, 0x50, 0x4b, 0x03, 0x04) || starts(head, 0x50, 0x4b, 0x05, 0x06)) return 'zip';
  if (starts(head, 0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)) return 'compound';
  if (starts(head, 0x1f, 0x8b)) return 'gzip';
  if (starts(head, 0x25, 0x50, 0x44, 0x46) || starts(head, 0x89, 0x50, 0x4e, 0x47)) return 'binary';
  if (starts(head, 0xff, 0xfe) || starts(head, 0xfe, 0xff)) return 'text';
  const text = new TextDecoder().decode(head.subarray(0, 512)).trimStart();
  if (text.startsWith('<')) return 'xml';
  if (/^(\{\s*"|\{\s*\}|\{\s*$|\[\s*[{\]]|\[\s*$)/.test(text)) return 'json';
  return 'text';
}
