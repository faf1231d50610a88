/** An act that announces another: what may end it, and how long that may take before somebody should ask. */
export interface Plan {
  /** Types that end it. */
  readonly ends: readonly string[];
  /** Hours after which a plan without an end is told. */
  readonly hours: number;
  /** By what plan and end belong together: `object`, a field of the content, or '' where there is only one at a time. */
  readonly key: readonly [ofPlan: string, ofEnd: string];
  /** Field of both contents that must be the same. */
  readonly same?: string;
  /** Each end has a plan of its own: more ends than plans are wrong. */
  readonly exact?: true;
}

const week = 24 * 7;

/** Plans by the type of the act that opens them. Whoever adds a type that announces something adds a line here. */
export const plans: Readonly<Record<string, Plan>> = {
  'compute.opened': {
    ends: ['compute.sealed', 'compute.aborted'],
    hours: 12 * week,
    key: ['object', 'object'],
    same: 'specification',
    exact: true,
  },
  'compute.started': {
    ends: ['compute.sealed', 'compute.aborted'],
    hours: week,
    key: ['object', 'object'],
    same: 'specification',
  },
  'submission.submitted': {
    ends: ['submission.checked', 'submission.withdrawn'],
    hours: 24,
    key: ['object', 'object'],
  },
  // A week without another byte gives an upload up; a large one may be under way for longer.
  'files.upload_begun': {
    ends: ['files.upload_ended', 'files.upload_given_up'],
    hours: 4 * week,
    key: ['object', 'object'],
  },
  'catalog.reindex_started': { ends: ['catalog.reindexed'], hours: 24, key: ['', ''] },
  'reference.taxonomy_received': {
    ends: ['reference.taxonomy_loaded', 'reference.taxonomy_failed'],
    hours: 24,
    key: ['sha256', 'sha256'],
  },
};
