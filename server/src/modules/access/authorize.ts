import type { Action, Resource } from '@geneward/api';
import type { Context } from '../../platform/context.ts';
import { Refusal } from '../../platform/refuse.ts';
import { decide, mayKnowOf } from './decide.ts';

/** Whether the act is allowed, for showing more or less; refuses nothing and leaves no event. */
export function allows(context: Context, action: Action, resource: Resource): boolean {
  return decide(context.principal, action, resource).allowed;
}

/**
 * First statement of every use case. Returns when the act is allowed; otherwise throws a Refusal, which leaves an event:
 * `not_found` when the person may not even know of the thing, `unauthenticated` when nobody is signed in, else `forbidden`.
 */
export function authorize(context: Context, action: Action, resource: Resource): void {
  const { principal } = context;
  const decision = decide(principal, action, resource);
  if (decision.allowed) return;
  const code = !mayKnowOf(principal, action, resource)
    ? 'not_found'
    : principal.kind === 'anonymous'
      ? 'unauthenticated'
      : 'forbidden';
  throw new Refusal(
    code,
    {
      type: 'access.refused',
      object: { kind: resource.kind, id: resource.id },
      content: { action, reason: code, policies: [...decision.policies] },
    },
    { params: { needed: action } },
  );
}
