import {
  canonicalJson,
  explainJob,
  type JobSpecification,
  type JobView,
  type Learnt,
  type Party,
  type ReplyOf,
  type computeRoutes,
} from '@geneward/api';
import { certificates } from './certificates.ts';
import { specificationOf, type Job, type JobPartyRow, type JobRow } from './store.ts';
import type { FreezeRow, OfferRow, PartyRow } from './store-party.ts';

/** What a specification lets anybody learn, with the hash that an approval names. */
export function explained(specification: JobSpecification): {
  sha256: string;
  learns: Learnt[];
  learnsSha256: string;
} {
  const learns = explainJob(specification);
  return {
    sha256: certificates.sha256(canonicalJson(specification)),
    learns,
    learnsSha256: certificates.sha256(canonicalJson(learns)),
  };
}

/** What each party puts in, by its salted commitment, as the ledger has it. */
export const inputsOf = (parties: readonly Pick<JobPartyRow, 'name' | 'commitment'>[]) =>
  parties.map(({ name, commitment }) => ({ party: name, commitment }));

const brief = (row: JobRow) => ({
  id: row.id,
  sha256: row.specification_sha256,
  kind: row.kind,
  purpose: row.purpose,
  state: row.state,
  openedAt: row.opened_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
});

export const briefView = (row: JobRow, parties: readonly string[]) => ({ ...brief(row), parties: [...parties] });

/** A job as its parties see it. */
export function viewOf({ row, parties }: Job): JobView {
  const specification = specificationOf(row);
  return {
    ...brief(row),
    ...explained(specification),
    specification,
    parties: parties.map((party) => ({
      name: party.name,
      organisation: party.organisation_id,
      fingerprint: party.fingerprint,
      commitment: party.commitment,
      ...(party.approved_by !== null &&
        party.approved_at !== null &&
        party.learns_sha256 !== null && {
          approval: {
            person: party.approved_by,
            at: party.approved_at.toISOString(),
            learnsSha256: party.learns_sha256,
          },
        }),
    })),
    openedBy: { organisation: row.organisation_id, person: row.opened_by },
    ...(row.started_at && { startedAt: row.started_at.toISOString() }),
    ...(row.ended_at && { endedAt: row.ended_at.toISOString() }),
    ...(row.result_sha256 !== null && { result: { sha256: row.result_sha256, kept: row.result_key !== null } }),
    ...(row.abort && { abort: row.abort }),
  };
}

export const offerView = (row: OfferRow) => ({
  name: row.name,
  title: row.title,
  individuals: row.individuals,
  columns: row.columns,
  updatedAt: row.updated_at.toISOString(),
  ...(row.variants !== null && { variants: row.variants }),
});

export const partyView = (row: PartyRow, offers: readonly OfferRow[]): Party => ({
  id: row.id,
  organisation: row.organisation_id,
  name: row.name,
  fingerprint: row.fingerprint,
  certificate: row.certificate,
  registeredAt: row.registered_at.toISOString(),
  offers: offers.filter(({ party_id }) => party_id === row.id).map(offerView),
});

export const freezeView = (row: FreezeRow): ReplyOf<typeof computeRoutes.freezeConsent> => ({
  reference: row.reference,
  organisation: row.organisation_id,
  reason: row.reason,
  at: row.at.toISOString(),
});
