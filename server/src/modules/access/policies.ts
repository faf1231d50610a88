import { readdirSync, readFileSync } from 'node:fs';
import {
  policySetTextToParts,
  policyToJson,
  preparsePolicySet,
  preparseSchema,
  validate,
  type DetailedError,
  type PolicyJson,
} from '@cedar-policy/cedar-wasm/nodejs';
import { actions, type Action, type Policy } from '@geneward/api';

/** A policy and the acts that it speaks of; `undefined` means all. */
export interface LoadedPolicy extends Policy {
  readonly actions: readonly Action[] | undefined;
}

/** Under these names the prepared policies and schema live inside Cedar. */
export const preparedPolicies = 'geneward';
export const preparedSchema = 'geneward';

/** A policy file that does not parse or does not fit the schema ends the start of the program. */
export class PolicyError extends Error {
  readonly code = 'policy_invalid';
  constructor(errors: readonly string[]) {
    super(`Access policies are not valid / 访问策略无效:\n${errors.map((error) => `  ${error}`).join('\n')}`);
    this.name = 'PolicyError';
  }
}

/** Reads, checks and prepares the policies of a folder. Throws {@link PolicyError}. */
export function loadPolicies(folder: URL): ReadonlyMap<string, LoadedPolicy> {
  const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
  const schema = read('schema.cedarschema');
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith('.cedar'))
    .toSorted()
    .flatMap((name) => split(read(name), name));
  const policies = texts.map(policyOf);
  const byId = new Map(policies.map((policy) => [policy.id, policy]));
  if (byId.size !== policies.length) throw new PolicyError(['two policies have the same @id']);
  const staticPolicies = Object.fromEntries(policies.map((policy) => [policy.id, policy.source]));
  const checked = validate({ schema, policies: { staticPolicies }, validationSettings: { mode: 'strict' } });
  if (checked.type === 'failure') throw new PolicyError(checked.errors.map(sayError));
  if (checked.validationErrors.length > 0) {
    throw new PolicyError(checked.validationErrors.map(({ policyId, error }) => `${policyId}: ${sayError(error)}`));
  }
  expectSuccess(preparseSchema(preparedSchema, schema));
  expectSuccess(preparsePolicySet(preparedPolicies, { staticPolicies }));
  return byId;
}

function split(text: string, file: string): string[] {
  const parts = policySetTextToParts(text);
  if (parts.type === 'failure') throw new PolicyError(parts.errors.map((error) => `${file}: ${sayError(error)}`));
  return parts.policies;
}

function policyOf(source: string): LoadedPolicy {
  const parsed = policyToJson(source);
  if (parsed.type === 'failure') throw new PolicyError(parsed.errors.map(sayError));
  const { id, en, zh } = parsed.json.annotations ?? {};
  if (!id || !en || !zh) throw new PolicyError([`a policy lacks @id, @en or @zh: ${source.slice(0, 80)}`]);
  return { id, effect: parsed.json.effect, meaning: { en, zh }, source, actions: actionsOf(parsed.json) };
}

function actionsOf({ action }: PolicyJson): Action[] | undefined {
  if (action.op === 'All') return undefined;
  const given = 'entities' in action ? action.entities : 'entity' in action ? [action.entity] : [];
  return given.map((uid) => {
    const { id } = '__entity' in uid ? uid.__entity : uid;
    const known = actions.find((name) => name === id);
    if (!known) throw new PolicyError([`unknown action ${id}`]);
    return known;
  });
}

function expectSuccess(answer: { type: 'success' } | { type: 'failure'; errors: DetailedError[] }): void {
  if (answer.type === 'failure') throw new PolicyError(answer.errors.map(sayError));
}

const sayError = (error: DetailedError) => [error.message, error.help].filter(Boolean).join(' – ');

/** The policies in force. */
export const policies = loadPolicies(new URL('policies/', import.meta.url));

/** What a policy says, in words. */
export const meaningOf = (id: string): LoadedPolicy['meaning'] | undefined => policies.get(id)?.meaning;
