import { dominates, join, type Label } from '@geneward/api';

/** A downgrade that was signed by two people. */
export interface SignedDowngrade {
  readonly from: Label;
  readonly to: Label;
}

/** Whether `to` is lower than `from` and adds nothing. */
export function isDowngrade(from: Label, to: Label): boolean {
  return dominates(from, to) && !dominates(to, from);
}

/**
 * The label of something derived: at least that of everything it is derived from and its own. A signed downgrade lowers it, when
 * what was signed covers the whole label.
 */
export function derivedLabel(inputs: readonly Label[], own: Label, downgrade?: SignedDowngrade): Label {
  const label = inputs.reduce(join, own);
  return downgrade && dominates(downgrade.from, label) ? downgrade.to : label;
}

/** The bytes that the signature of a downgrade covers: fixed order of fields, sorted lists, UTF-8 JSON. */
export function canonicalDowngrade(content: {
  id: string;
  object: { kind: string; id: string };
  from: Label;
  to: Label;
  reason: string;
  proposedBy: string;
  proposedAt: string;
  signedBy: string;
  signedAt: string;
}): Uint8Array {
  const { id, object, from, to, reason, proposedBy, proposedAt, signedBy, signedAt } = content;
  return new TextEncoder().encode(
    JSON.stringify({
      type: 'geneward.label_downgrade.v1',
      id,
      object: { kind: object.kind, id: object.id },
      from: canonical(from),
      to: canonical(to),
      reason,
      proposedBy,
      proposedAt,
      signedBy,
      signedAt,
    }),
  );
}

const canonical = (label: Label) => ({
  grade: label.grade,
  categories: label.categories.toSorted(),
  jurisdictions: label.jurisdictions.toSorted(),
});
