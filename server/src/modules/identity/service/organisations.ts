import {
  openLabel,
  type BodyOf,
  type identityRoutes,
  type Organisation,
  type QueryOf,
  type ReplyOf,
} from '@geneward/api';
import { z } from 'zod';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import { pageFrom, positionOf } from '../../../platform/page.ts';
import { Problem } from '../../../platform/problem.ts';
import type { IdentityParts } from '../ports.ts';
import * as store from '../store.ts';

const resource = (id: string) => ({ kind: 'organisation', id, organisation: id, label: openLabel }) as const;

export async function listOrganisations(
  parts: IdentityParts,
  context: Context,
  query: QueryOf<typeof identityRoutes.organisations>,
): Promise<ReplyOf<typeof identityRoutes.organisations>> {
  parts.authorize(context, 'organisation:read', resource('*'));
  const after = positionOf(query.after, z.string().max(40));
  const rows = await store.findOrganisations(context.db, { q: query.q, after, limit: query.limit + 1 });
  return pageFrom(rows, query.limit, (row) => row.code, store.organisationView);
}

export async function getOrganisation(parts: IdentityParts, context: Context, id: string): Promise<Organisation> {
  parts.authorize(context, 'organisation:read', resource(id));
  const row = await store.organisationById(context.db, id);
  if (!row) throw new Problem('not_found');
  return store.organisationView(row);
}

export async function createOrganisation(
  parts: IdentityParts,
  context: Context,
  input: BodyOf<typeof identityRoutes.createOrganisation>,
): Promise<Organisation> {
  parts.authorize(context, 'organisation:create', resource('*'));
  return transaction(context.db, async (tx) => {
    const row = await store.insertOrganisation(tx, {
      code: input.code,
      name_en: input.name.en,
      name_zh: input.name.zh,
      country: input.country ?? null,
      label: input.label ?? openLabel,
      created_at: context.now(),
    });
    if (!row) throw new Problem('code_taken');
    await record(tx, context, {
      type: 'identity.organisation_created',
      object: { kind: 'organisation', id: row.id },
      content: { organisation: row.id },
    });
    return store.organisationView(row);
  });
}

/** Changes an organisation. When it is closed its people can no longer act. */
export async function updateOrganisation(
  parts: IdentityParts,
  context: Context,
  id: string,
  input: BodyOf<typeof identityRoutes.updateOrganisation>,
  expected: number,
): Promise<Organisation> {
  parts.authorize(context, 'organisation:update', resource(id));
  return transaction(context.db, async (tx) => {
    if (!(await store.organisationById(tx, id))) throw new Problem('not_found');
    const { name, label, country, status } = input;
    const row = await store.updateOrganisation(tx, id, expected, {
      ...(name && { name_en: name.en, name_zh: name.zh }),
      ...(country !== undefined && { country }),
      ...(status !== undefined && { status }),
      ...(label && { label }),
    });
    if (!row) throw new Problem('stale_etag');
    await record(tx, context, {
      type: 'identity.organisation_changed',
      object: { kind: 'organisation', id },
      content: { organisation: id, fields: Object.keys(input) },
    });
    return store.organisationView(row);
  });
}
