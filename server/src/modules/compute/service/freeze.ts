import { openLabel, uuid, type BodyOf, type computeRoutes, type QueryOf, type ReplyOf } from '@geneward/api';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import { pageFrom, positionOf } from '../../../platform/page.ts';
import { Problem } from '../../../platform/problem.ts';
import { authorize } from '../../access/index.ts';
import { certificates } from '../certificates.ts';
import * as store from '../store-party.ts';
import { freezeView } from '../views.ts';

function ownOrganisation(context: Context): { organisation: string; person: string } {
  const { principal } = context;
  const organisation = principal.kind === 'person' ? principal.organisation : undefined;
  authorize(context, 'party:freeze_consent', { kind: 'party', id: 'own', organisation, label: openLabel });
  if (principal.kind !== 'person') throw new Problem('unauthenticated');
  return { organisation: principal.organisation, person: principal.id };
}

/**
 * From now on no job starts that names this consent and that the caller's organisation takes part in. A start under way is waited
 * for; what has started goes on. There is no way back: a new consent is a new reference.
 */
export async function freezeConsent(
  context: Context,
  { reference, reason }: BodyOf<typeof computeRoutes.freezeConsent>,
): Promise<ReplyOf<typeof computeRoutes.freezeConsent>> {
  const { organisation, person } = ownOrganisation(context);
  return transaction(context.db, async (tx) => {
    await store.holdConsents(tx, [organisation]);
    const { freeze, fresh } = await store.insertFreeze(tx, {
      organisation_id: organisation,
      reference,
      reason,
      frozen_by: person,
      at: context.now(),
    });
    if (fresh)
      await record(tx, context, {
        type: 'compute.consent_frozen',
        object: { kind: 'organisation', id: organisation },
        content: { referenceSha256: certificates.sha256(reference), freeze: freeze.id },
      });
    return freezeView(freeze);
  });
}

export async function listFreezes(
  context: Context,
  query: QueryOf<typeof computeRoutes.listFreezes>,
): Promise<ReplyOf<typeof computeRoutes.listFreezes>> {
  const { organisation } = ownOrganisation(context);
  const rows = await store.listFreezes(context.db, {
    organisation,
    after: positionOf(query.after, uuid),
    limit: query.limit + 1,
  });
  return pageFrom(rows, query.limit, ({ id }) => id, freezeView);
}
