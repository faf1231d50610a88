import type { Fetch } from './follow.ts';

/** A file of a log at most: a full bundle of the largest entries. */
const sizeLimit = 17 * 1024 * 1024;

/** Reads what a log serves below `/log` of an archive, or a mirror below the address of the log there. @param prefix `/log`, or nothing */
export const fetchFrom =
  (address: string, prefix = '/log'): Fetch =>
  async (path) => {
    const response = await fetch(`${address.replace(/\/$/, '')}${prefix}/${path}`, {
      signal: AbortSignal.timeout(30_000),
    });
    if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of response.body ?? []) {
      length += part.length;
      if (length > sizeLimit) throw new Error(`${path}: too large`);
      parts.push(part);
    }
    return Buffer.concat(parts);
  };
