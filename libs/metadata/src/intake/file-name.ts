/** Why a file name is refused. */
export type UnsafeName = 'empty' | 'folder' | 'control' | 'reserved' | 'edge' | 'device' | 'long';

const device = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/**
 * Tells why a declared file name is unsafe, or nothing when it is safe on every common system and cannot leave its folder:
 * no path, no control, invisible or reserved character, no dot, hyphen or space at its edges, no device name, at most 255
 * bytes of UTF-8 (POSIX NAME_MAX; Windows "Naming Files, Paths, and Namespaces").
 */
export function unsafeFileName(name: string): UnsafeName | undefined {
  if (name === '') return 'empty';
  if (/[/\\]/.test(name) || name === '.' || name === '..') return 'folder';
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(name)) return 'control';
  if (/[<>:"|?*]/.test(name)) return 'reserved';
  if (/^[.\-\s]|[.\s]$/u.test(name)) return 'edge';
  if (device.test(name)) return 'device';
  return new TextEncoder().encode(name).length > 255 ? 'long' : undefined;
}

/** A safe name that resembles an unsafe one, to be offered. */
export function safeFileName(name: string): string {
  const base = name
    .replace(/^.*[/\\]/su, '')
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}._+-]+/gu, '_')
    .replace(/^[.\-_]+|[.]+$/gu, '');
  const cut = [...new Intl.Segmenter('und').segment(base)].map(({ segment }) => segment);
  while (new TextEncoder().encode(cut.join('')).length > 200) cut.pop();
  const safe = cut.join('');
  if (safe === '') return 'file';
  return device.test(safe) ? `file_${safe}` : safe;
}
