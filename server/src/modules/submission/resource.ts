import type { AccessManner, Resource } from '@geneward/api';
import type { Principal } from '../../platform/context.ts';
import { labelOf } from '../access/index.ts';
import type { Part } from './rules.ts';

/** Columns by which access to a submission or an object is decided. */
interface Owned {
  readonly id: string;
  readonly organisation_id: string;
  readonly submitter_id: string;
  readonly status: string;
  readonly manner: AccessManner;
  readonly grade: number;
  readonly categories: string[];
  readonly jurisdictions: string[];
}

/** What the access module needs to know of a submission or an object. */
export const resourceOf = (kind: 'submission' | 'object', row: Owned): Resource => ({
  kind,
  id: row.id,
  organisation: row.organisation_id,
  owner: row.submitter_id,
  status: row.status,
  manner: row.manner,
  label: labelOf(row),
});

/** The same for an object: what was withdrawn or destroyed before anybody saw it leaves nothing for the public. */
export function objectResource(row: Owned & { readonly released_at: Date | null }): Resource {
  const unseen = row.released_at === null && (row.status === 'withdrawn' || row.status === 'destroyed');
  return { ...resourceOf('object', row), ...(unseen && { manner: 'private' }) };
}

/** In which parts the caller, or the token, acts on what an organisation owns. */
export function partsOf(principal: Principal, owned: { readonly organisation_id: string }): readonly Part[] {
  if (principal.kind === 'system') return ['platform'];
  if (principal.kind !== 'person') return [];
  const parts: Part[] = [];
  const { roles, scopes } = principal;
  if (roles.includes('submitter') && scopes.includes('submit') && principal.organisation === owned.organisation_id)
    parts.push('submitter');
  if (roles.includes('curator') && scopes.includes('review')) parts.push('curator');
  return parts;
}
