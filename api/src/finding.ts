import { z } from 'zod';

/** A finding as a reader gets it: the place as it was found, the text in the language of the request. */
export const findingView = z.object({
  code: z.string().describe('GW and four digits'),
  level: z.enum(['error', 'warning', 'hint']),
  place: z.object({
    file: z.string().optional(),
    sheet: z.string().optional(),
    row: z.number().optional(),
    column: z.union([z.string(), z.number()]).optional(),
    line: z.number().optional(),
    record: z.number().optional(),
    offset: z.number().optional(),
    alias: z.string().optional(),
  }),
  value: z.string().optional(),
  suggestion: z.string().optional().describe('A value that would pass; offered, never applied silently'),
  message: z.string(),
  mend: z.string(),
});
export type FindingView = z.infer<typeof findingView>;
