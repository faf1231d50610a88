import { statefulIsAuthorized, type EntityJson, type EntityUidJson } from '@cedar-policy/cedar-wasm/nodejs';
import { actionRules, type Action, type Resource, type ResourceKind, type Scope } from '@geneward/api';
import type { Principal } from '../../platform/context.ts';
import { policies, preparedPolicies, preparedSchema } from './policies.ts';

/** What the policies say of an act, and which of them said it. */
export interface Decision {
  readonly allowed: boolean;
  /** Ids of the policies that decided; empty when none permits. */
  readonly policies: readonly string[];
  readonly reasons: readonly { readonly en: string; readonly zh: string }[];
}

/**
 * A decision depends on identifiers only through "his own" and "his own organisation's", so all calls that are alike in this are
 * one case, and a case is put to Cedar once.
 */
const cases = new Map<string, Decision>();
const casesKept = 20_000;

/** The one decision point: whether the policies allow `principal` the act on the thing. */
export function decide(principal: Principal, action: Action, resource: Resource): Decision {
  const call = caseOf(actingAs(principal, action), action, resource);
  const key = JSON.stringify(call);
  const before = cases.get(key);
  if (before) return before;
  if (cases.size >= casesKept) cases.clear();
  const decision = ask(call);
  cases.set(key, decision);
  return decision;
}

/** Who acts, as far as the scopes go: a token that is not for reading reads as a visitor does. */
export function actingAs(principal: Principal, action: Action): Principal {
  const limited = principal.kind === 'person' && !carriesScope(principal.scopes, action);
  return limited && actionRules[action].reads ? { kind: 'anonymous' } : principal;
}

/** Whether a token with these scopes is good for the act. */
export const carriesScope = (scopes: readonly Scope[], action: Action): boolean =>
  actionRules[action].scopes?.some((scope) => scopes.includes(scope)) ?? true;

const readingOf: Partial<Record<ResourceKind, Action>> = {
  organisation: 'organisation:read',
  person: 'person:read',
  token: 'token:manage',
  file: 'file:read',
  submission: 'submission:read',
  object: 'object:read_metadata',
  party: 'party:read',
  job: 'job:read',
  genomes: 'genomes:read',
  forecast: 'forecast:read',
};

/** Whether `principal` may know that the thing exists: if not, a refusal must look like its absence. */
export function mayKnowOf(principal: Principal, action: Action, resource: Resource): boolean {
  const reading = readingOf[resource.kind];
  if (!reading || actionRules[action].onCollection) return true;
  return decide(principal, reading, resource).allowed;
}

type Case = ReturnType<typeof caseOf>;

function caseOf(principal: Principal, action: Action, resource: Resource) {
  const person = principal.kind === 'person' ? principal : undefined;
  const { grade, categories, jurisdictions } = resource.label;
  return {
    action,
    scopes: actionRules[action].scopes ?? [],
    principal: person
      ? {
          roles: person.roles.toSorted(),
          scopes: person.scopes.toSorted(),
          grade: person.clearance.grade,
          categories: person.clearance.categories.toSorted(),
          jurisdictions: person.clearance.jurisdictions.toSorted(),
        }
      : principal.kind,
    resource: {
      kind: resource.kind,
      organisation: relation(resource.organisation, person?.organisation),
      owner: relation(resource.owner, person?.id),
      status: resource.status ?? '',
      manner: resource.manner ?? '',
      grade,
      categories: categories.toSorted(),
      jurisdictions: jurisdictions.toSorted(),
    },
  };
}

const own = 'own';
const relation = (given: string | undefined, mine: string | undefined): string =>
  given === undefined ? '' : given === mine ? own : 'other';

function ask({ action, scopes, principal, resource }: Case): Decision {
  const who = principalEntity(principal);
  const { kind, ...attrs } = resource;
  const what: EntityUidJson = { type: kind.charAt(0).toUpperCase() + kind.slice(1), id: 'it' };
  const answer = statefulIsAuthorized({
    principal: who.uid,
    action: { type: 'Action', id: action },
    resource: what,
    context: { scopes: [...scopes] },
    preparsedPolicySetId: preparedPolicies,
    preparsedSchemaName: preparedSchema,
    validateRequest: true,
    entities: [who, { uid: what, attrs, parents: [] }],
  });
  if (answer.type === 'failure') {
    throw new Error(`${action} does not apply to ${kind}: ${answer.errors.map((error) => error.message).join('; ')}`);
  }
  const { decision, diagnostics } = answer.response;
  if (diagnostics.errors.length > 0) {
    throw new Error(`policy failed: ${diagnostics.errors.map((e) => `${e.policyId}: ${e.error.message}`).join('; ')}`);
  }
  return Object.freeze({
    allowed: decision === 'allow',
    policies: diagnostics.reason,
    reasons: diagnostics.reason.flatMap((id) => policies.get(id)?.meaning ?? []),
  });
}

function principalEntity(principal: Case['principal']): EntityJson {
  if (typeof principal === 'string') {
    return { uid: { type: principal === 'system' ? 'Platform' : 'Visitor', id: 'it' }, attrs: {}, parents: [] };
  }
  const { roles, ...attrs } = principal;
  return {
    uid: { type: 'Member', id: 'it' },
    attrs: { id: own, organisation: own, ...attrs },
    parents: roles.map((id) => ({ type: 'Role', id })),
  };
}
