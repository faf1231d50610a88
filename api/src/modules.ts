import { accessEvents, accessProblems, accessRoutes } from './access.ts';
import { catalogEvents, catalogProblems, catalogRoutes } from './catalog.ts';
import { computeRoutes } from './compute.ts';
import type { RouteTable } from './contract.ts';
import { computeEvents } from './compute-event.ts';
import { computeProblems } from './compute-problem.ts';
import { commonEvents } from './event.ts';
import { filesEvents, filesProblems, filesRoutes } from './files.ts';
import { identityEvents, identityProblems, identityRoutes } from './identity.ts';
import { inboxEvents, inboxProblems, inboxRoutes } from './inbox.ts';
import { ledgerEvents, ledgerProblems, ledgerRoutes } from './ledger.ts';
import { objectEvents, objectProblems, objectRoutes } from './object.ts';
import { commonProblems, type ProblemTable } from './problem.ts';
import { referenceEvents, referenceProblems, referenceRoutes } from './reference.ts';
import { reviewEvents, reviewProblems, reviewRoutes } from './review.ts';
import { virusForecastEvents, virusForecastRoutes } from './virus-forecast.ts';
import { virusSourceEvents, virusSourceProblems, virusSourceRoutes } from './virus-source.ts';
import { virusEvents, virusProblems, virusRoutes } from './virus.ts';
import { supervisionRoutes } from './supervision.ts';
import { submissionEvents, submissionProblems, submissionRoutes } from './submission.ts';

/** The whole contract by theme, in the order of the reference. */
export const contract = {
  identity: identityRoutes,
  access: accessRoutes,
  ledger: ledgerRoutes,
  supervision: supervisionRoutes,
  files: filesRoutes,
  inbox: inboxRoutes,
  submission: submissionRoutes,
  review: reviewRoutes,
  object: objectRoutes,
  reference: referenceRoutes,
  catalog: catalogRoutes,
  compute: computeRoutes,
  virus: { ...virusRoutes, ...virusForecastRoutes, ...virusSourceRoutes },
} satisfies Record<string, RouteTable>;

/** Every coded problem. */
export const problems: ProblemTable = {
  ...commonProblems,
  ...identityProblems,
  ...accessProblems,
  ...ledgerProblems,
  ...filesProblems,
  ...inboxProblems,
  ...submissionProblems,
  ...reviewProblems,
  ...objectProblems,
  ...referenceProblems,
  ...catalogProblems,
  ...computeProblems,
  ...virusProblems,
  ...virusSourceProblems,
};

/** Every type of audit event with its content. */
export const events = {
  ...commonEvents,
  ...identityEvents,
  ...accessEvents,
  ...ledgerEvents,
  ...filesEvents,
  ...inboxEvents,
  ...submissionEvents,
  ...reviewEvents,
  ...objectEvents,
  ...referenceEvents,
  ...catalogEvents,
  ...computeEvents,
  ...virusEvents,
  ...virusForecastEvents,
  ...virusSourceEvents,
};
