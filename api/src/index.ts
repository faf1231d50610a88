export * from './contract.ts';
export * from './download.ts';
export * from './problem.ts';
export * from './event.ts';
export * from './label.ts';
export * from './page.ts';
export * from './client.ts';
export { clockOf, speedometer } from './speed.ts';
export * from './finding.ts';
export * from './ledger.ts';
export * from './stage.ts';
export { computeEvents } from './compute-event.ts';
export { wordsOf } from './event-words.ts';
export * from './supervision.ts';
export { plans, type Plan } from './plan.ts';
export * from './files.ts';
export * from './inbox.ts';
export { directView, resumableRoutes, uploadView, type DirectView, type UploadView } from './resumable.ts';
export * from './access.ts';
export * from './identity.ts';
export * from './submission.ts';
export * from './review.ts';
export * from './object.ts';
export * from './reference.ts';
export * from './catalog.ts';
export * from './compute.ts';
export { computeProblems } from './compute-problem.ts';
export * from './virus.ts';
export * from './virus-forecast.ts';
export * from './virus-source.ts';
export * from './modules.ts';
export * from './openapi.ts';
export * from './submission-rules.ts';
export * from './rule-catalogue.ts';
export { canonicalJson } from './job/canonical.ts';
export { explainJob, type Learnt } from './job/explain.ts';
export {
  judgeReceipt,
  jobReceipt,
  nodeCertificates,
  proves,
  ReceiptFault,
  signedStatement,
  type Certificates,
  type JobReceipt,
  type JobStatement,
  type SignedStatement,
} from './job/receipt.ts';
export { htmlReport } from './job/report/html.ts';
export { resultTsv } from './job/report/tsv.ts';
export { jobResult, type JobResult, type OwnResult } from './job/result.ts';
export {
  isSplit,
  jobLayer,
  jobSpecification,
  nodesOf,
  type JobKind,
  type JobSpecification,
  type PartyRole,
} from './job/specification.ts';
export { jobTemplates } from './job/templates.ts';
