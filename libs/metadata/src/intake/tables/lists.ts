/** Splits the names in a reference cell at `;`; a name in quotation marks may hold any sign. Undefined when unclosed. */
export function splitNames(cell: string): readonly string[] | undefined {
  const names: string[] = [];
  const part = /\s*(?:"((?:[^"]|"")*)"|([^;"][^;]*)?)\s*(?:;|$)/suy;
  while (part.lastIndex < cell.length) {
    const match = part.exec(cell);
    if (!match) return undefined;
    const [, quoted, plain] = match;
    const name = quoted?.replaceAll('""', '"') ?? plain?.trim() ?? '';
    if (name !== '') names.push(name);
  }
  return names;
}

/** Joins names so that `splitNames` gives them back. */
export const joinNames = (names: readonly string[]): string =>
  names.map((name) => (/^\s|\s$|[;"]/u.test(name) ? `"${name.replaceAll('"', '""')}"` : name)).join(';');
