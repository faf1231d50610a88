import {
  canonicalJson,
  openLabel,
  partyProof,
  proves,
  type BodyOf,
  type computeRoutes,
  type Party,
  type QueryOf,
  type ReplyOf,
  type Resource,
} from '@geneward/api';
import { z } from 'zod';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction, type Tx } from '../../../platform/db.ts';
import { pageFrom, positionOf } from '../../../platform/page.ts';
import { Problem } from '../../../platform/problem.ts';
import { authorize } from '../../access/index.ts';
import { certificates, readCertificate } from '../certificates.ts';
import { mostOffers } from '../rules.ts';
import * as store from '../store-party.ts';
import { offerView, partyView } from '../views.ts';

const anyParty: Resource = { kind: 'party', id: 'any', label: openLabel };
const resourceOf = (row: store.PartyRow): Resource => ({
  kind: 'party',
  id: row.id,
  organisation: row.organisation_id,
  label: openLabel,
});

/** Institutions that take part in joint analyses, with what they offer. */
export async function listParties(
  context: Context,
  query: QueryOf<typeof computeRoutes.listParties>,
): Promise<ReplyOf<typeof computeRoutes.listParties>> {
  authorize(context, 'party:read', anyParty);
  const rows = await store.listParties(context.db, {
    after: positionOf(query.after, z.string().max(63)),
    limit: query.limit + 1,
  });
  const offers = await store.offersOf(
    context.db,
    rows.map(({ id }) => id),
  );
  return pageFrom(
    rows,
    query.limit,
    ({ name }) => name,
    (row) => partyView(row, offers),
  );
}

/**
 * Registers a certificate for the caller's organisation. Whoever registers signs their organisation, name and fingerprint with its
 * key: nobody registers a certificate of somebody else.
 */
export async function registerParty(
  context: Context,
  input: BodyOf<typeof computeRoutes.registerParty>,
): Promise<Party> {
  const { principal } = context;
  const organisation = principal.kind === 'person' ? principal.organisation : undefined;
  authorize(context, 'party:manage', { kind: 'party', id: 'new', organisation, label: openLabel });
  if (principal.kind !== 'person' || organisation === undefined) throw new Problem('unauthenticated');
  const { name, certificate, signature } = input;
  const read = readCertificate(certificate, context.now());
  const text = canonicalJson(partyProof({ organisation, name, fingerprint: read?.fingerprint ?? '' }));
  if (!read || !proves(certificates, read.fingerprint, { certificate, text, signature }))
    throw new Problem('party_unproven');
  const { fingerprint } = read;
  return transaction(context.db, async (tx) => {
    const row = await store.insertParty(tx, {
      organisation_id: organisation,
      name,
      fingerprint,
      certificate,
      registered_by: principal.id,
      registered_at: context.now(),
    });
    if (!row) throw new Problem('party_taken');
    await tell(tx, context, row.id, 'compute.party_registered', { name, fingerprint });
    return partyView(row, []);
  });
}

/** Retires a party: no job with it starts any more, its name and certificate may be registered again. */
export async function retireParty(context: Context, id: string): Promise<void> {
  const row = await ownedParty(context, id);
  await transaction(context.db, async (tx) => {
    if (!(await store.retireParty(tx, id, context.now()))) return;
    await tell(tx, context, id, 'compute.party_retired', { name: row.name, fingerprint: row.fingerprint });
  });
}

export async function putOffer(
  context: Context,
  given: { party: string; offer: string },
  input: BodyOf<typeof computeRoutes.putOffer>,
): Promise<ReplyOf<typeof computeRoutes.putOffer>> {
  const party = await ownedParty(context, given.party);
  return transaction(context.db, async (tx) => {
    const before = await store.offersOf(tx, [party.id]);
    if (before.length >= mostOffers && !before.some(({ name }) => name === given.offer))
      throw new Problem('too_many_offers', { params: { limit: mostOffers } });
    const { columns, variants, ...rest } = input;
    const row = await store.putOffer(tx, {
      ...rest,
      party_id: party.id,
      name: given.offer,
      variants: variants ?? null,
      columns: JSON.stringify(columns),
      updated_at: context.now(),
    });
    const content = { offer: given.offer, individuals: input.individuals };
    await tell(tx, context, party.id, 'compute.offer_changed', content);
    return offerView(row);
  });
}

export async function removeOffer(context: Context, given: { party: string; offer: string }): Promise<void> {
  const party = await ownedParty(context, given.party);
  await transaction(context.db, async (tx) => {
    if (!(await store.removeOffer(tx, party.id, given.offer))) throw new Problem('not_found');
    await tell(tx, context, party.id, 'compute.offer_removed', { offer: given.offer });
  });
}

async function ownedParty(context: Context, id: string): Promise<store.PartyRow> {
  const row = await store.findParty(context.db, id);
  if (!row) throw new Problem('not_found');
  authorize(context, 'party:manage', resourceOf(row));
  return row;
}

const tell = (tx: Tx, context: Context, id: string, type: string, content: Record<string, unknown>) =>
  record(tx, context, { type, object: { kind: 'party', id }, content });
