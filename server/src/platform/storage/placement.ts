import { z } from 'zod';

/** Which stores hold the copies of an object, and how many must have it before its writing counts as done. */
export interface Placement {
  /** Names of stores; the first is read first. */
  storesOf(key: string): readonly string[];
  readonly needed: number;
  /** Every choice of stores that a rule makes. */
  readonly choices: readonly (readonly string[])[];
}

const rule = /^(\*|[a-z][a-z0-9]*)=([a-z][a-z0-9-]*(?:\+[a-z][a-z0-9-]*)*)$/;

/** `files=main+mirror, *=main`: the first part of a key, and the stores of its copies; `*` is everything else. */
export const placementText = z
  .string()
  .refine((text) => entries(text).every((entry) => rule.test(entry)), 'rules like files=main+mirror, *=main')
  .refine((text) => entries(text).some((entry) => entry.startsWith('*=')), 'a rule for * is needed');

const entries = (text: string): string[] => text.split(',').map((entry) => entry.trim());

/** Reads a rule that fits {@link placementText}. Throws when it names a store that is not there. */
export function placementOf(text: string, stores: ReadonlySet<string>, needed: number): Placement {
  const places = new Map<string, string[]>();
  for (const entry of entries(text)) {
    const [, prefix = '', names = ''] = rule.exec(entry) ?? [];
    const unknown = names.split('+').find((name) => !stores.has(name));
    if (unknown !== undefined)
      throw new Error(
        `storage.placement names the store ${unknown}, which is not configured. 存储 ${unknown} 未配置。`,
      );
    places.set(prefix, [...new Set(names.split('+'))]);
  }
  const others = places.get('*') ?? [];
  const choices = [...places.values()];
  return { needed, choices, storesOf: (key) => places.get(key.slice(0, key.indexOf('/'))) ?? others };
}
