/** What a path of the SFTP inbox names. */
export type Place =
  | { readonly kind: 'root' }
  | { readonly kind: 'inbox' }
  | { readonly kind: 'drafts' }
  | { readonly kind: 'draft'; readonly draft: string }
  | { readonly kind: 'file'; readonly draft?: string; readonly name: string };

/** A path without `.`, `..` and double strokes, from the root. What would leave the root stays in it. */
export function absolute(path: string): string {
  const parts: string[] = [];
  for (const part of path.normalize('NFC').split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** `/inbox/FILE`, `/drafts/DRAFT/FILE`; undefined for what is nowhere. */
export function placeOf(path: string): Place | undefined {
  const [top, second, third, ...more] = absolute(path).split('/').slice(1);
  if (top === '' || top === undefined) return { kind: 'root' };
  if (top === 'inbox' && third === undefined)
    return second === undefined ? { kind: 'inbox' } : { kind: 'file', name: second };
  if (top !== 'drafts' || more.length > 0) return undefined;
  if (second === undefined) return { kind: 'drafts' };
  return third === undefined ? { kind: 'draft', draft: second } : { kind: 'file', draft: second, name: third };
}

/** The folder of a draft: its title as a file name may be, and the end of its id, for titles repeat. */
export function draftFolder({ id, title }: { readonly id: string; readonly title: string }): string {
  const plain = title
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Cf}\s/\\<>:"|?*]+/gu, ' ')
    .trim()
    .slice(0, 60)
    .trim();
  return `${plain === '' ? 'draft' : plain} ${id.slice(-8)}`;
}
