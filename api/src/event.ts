import { z } from 'zod';

/**
 * Audit events have a stable dotted type, `module.past_participle`, and typed content. Content holds identifiers, states,
 * counts and hashes: never secrets, and no personal data beyond identifiers of persons.
 */
export type EventTable = Readonly<Record<`${string}.${string}`, z.ZodType>>;

/** Keeps the union of types of a module's table. */
export function defineEvents<const T extends EventTable>(table: T): T {
  return table;
}

/** What became of the act. A refusal is an event as well. */
export const outcomes = ['done', 'refused', 'failed'] as const;
export const outcome = z.enum(outcomes);
export type Outcome = z.infer<typeof outcome>;

/** What an event is about: `sample` and its id, `session` and its id. */
export const objectRef = z.object({ kind: z.string(), id: z.string(), accession: z.string().optional() });
export type ObjectRef = z.infer<typeof objectRef>;

/** An event as auditors and the ledger read it. */
export const auditEvent = z.object({
  seq: z.string().describe('Position, a decimal string'),
  at: z.iso.datetime(),
  type: z.string(),
  outcome,
  actor: z.object({
    kind: z.enum(['person', 'system', 'anonymous']),
    id: z.string().optional(),
    via: z.string().optional(),
  }),
  organisation: z.string().optional(),
  object: objectRef.optional(),
  content: z.record(z.string(), z.unknown()),
  requestId: z.string(),
  address: z.string().optional(),
});
export type AuditEvent = z.infer<typeof auditEvent>;

export const commonEvents = defineEvents({
  'access.refused': z.object({ action: z.string(), reason: z.string(), policies: z.array(z.string()) }),
  'platform.started': z.object({ version: z.string(), role: z.string() }),
  'platform.stopped': z.object({ role: z.string() }),
  'platform.keys_rotated': z.object({
    suite: z.enum(['A', 'G']),
    version: z.int(),
    holder: z.enum(['file', 'pkcs11', 'transit']).optional(),
  }),
  'platform.headers_rewrapped': z.object({ headers: z.int() }),
  'platform.objects_sealed': z.object({ objects: z.int() }),
  'platform.migrated': z.object({ applied: z.array(z.string()) }),
});

/** Fields of an event's content, a question mark behind those that may be missing. */
export function fieldsOf(content: z.ZodType): string {
  const { properties = {}, required = [] } = z.toJSONSchema(content, { io: 'input', unrepresentable: 'any' });
  return Object.keys(properties)
    .map((name) => `\`${name}\`${required.includes(name) ? '' : '?'}`)
    .join(', ');
}
