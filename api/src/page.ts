import { z } from 'zod';

/** Keyset paging: `after` is the opaque `next` of the page before. */
export const pageQuery = z.object({
  after: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** A page of a list. `next` is missing on the last one. */
export const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().optional() });

export const uuid = z.uuid();
export const text = z.object({ en: z.string(), zh: z.string() });
