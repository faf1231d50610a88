import type { Action, Resource } from '@geneward/api';
import type { Context } from '../../platform/context.ts';
import type { Parts } from '../../platform/parts.ts';

/** The decision of access, a higher module, which composition passes in. */
export interface IdentityPorts {
  /** Throws a refusal when the act is not allowed. */
  authorize: (context: Context, action: Action, resource: Resource) => void;
  /** Only asks. */
  allows: (context: Context, action: Action, resource: Resource) => boolean;
}

export type IdentityParts = Parts & IdentityPorts;
