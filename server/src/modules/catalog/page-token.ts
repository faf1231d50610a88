import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Problem } from '../../platform/problem.ts';

const positionSchema = z.object({
  rank: z.int(),
  sortedAt: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/)
    .refine((text) => !Number.isNaN(Date.parse(text))),
  title: z.string().max(400),
  accession: z.string().max(100),
  id: z.uuid(),
});

const tokenSchema = z.object({
  /** Hash of the search: a page of another one is refused. */
  of: z.string(),
  /** `window`: common words, ranked among the next entries after `from`. */
  way: z.enum(['gather', 'walk', 'window']),
  from: positionSchema.optional(),
  after: positionSchema.optional(),
});
/** Where a page ended and by which way it was found, so that the next one continues the same. */
export type PageToken = Omit<z.infer<typeof tokenSchema>, 'of'>;

export const writeToken = (token: PageToken, search: unknown): string =>
  Buffer.from(JSON.stringify({ of: hash(search), ...token })).toString('base64url');

/** Throws `search_page_invalid` for what this search did not give out. */
export function readToken(text: string, search: unknown): PageToken {
  try {
    const { of, ...token } = tokenSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    if (of === hash(search)) return token;
  } catch {
    // Not one of ours, as below.
  }
  throw new Problem('search_page_invalid', { place: { field: 'after' } });
}

const hash = (search: unknown) => createHash('sha256').update(JSON.stringify(search)).digest('base64url').slice(0, 12);
