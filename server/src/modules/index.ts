import type { Authenticate } from '../app.ts';
import type { Server } from '../platform/http.ts';
import type { JobHandlers, Schedule } from '../platform/jobs.ts';
import type { Parts } from '../platform/parts.ts';
import * as tidy from '../platform/tidy.ts';
import * as access from './access/index.ts';
import * as catalog from './catalog/index.ts';
import * as compute from './compute/index.ts';
import * as files from './files/index.ts';
import * as identity from './identity/index.ts';
import * as inbox from './inbox/index.ts';
import * as ledger from './ledger/index.ts';
import * as reference from './reference/index.ts';
import * as submission from './submission/index.ts';
import * as virus from './virus/index.ts';

/** What the catalogue shows comes from the modules below it. */
const catalogPorts: catalog.CatalogPorts = {
  objectsToIndex: submission.objectsToIndex,
  objectIds: submission.objectIds,
  dependents: submission.dependentsOf,
  readObject: (context, object) => submission.getObject(context, { object }),
  objectGraph: (context, object) => submission.lineageOf(context, { object, depth: 4, limit: 200 }),
  organisationNames: async (db, ids) =>
    new Map([...(await identity.organisationsById(db, ids))].map(([id, organisation]) => [id, organisation.name])),
};

/** The catalogue follows every change of an object. */
const submissionPorts: submission.SubmissionPorts = { objectsChanged: catalog.objectsChanged };

/** A signed downgrade counts at once, for what the catalogue shows as well. */
const accessPorts: access.AccessPorts = {
  async lowerLabel(tx, object, downgrade) {
    const label = await submission.lowerLabel(tx, object, downgrade);
    if (label) await catalog.objectsChanged(tx, [object]);
    return label;
  },
};

/** Recipients of results are named by the codes of their organisations. */
const computePorts: compute.ComputePorts = { organisationsByCode: identity.organisationsByCode };

/** Who acts: by a session or a token of the person, or by a token for downloads. */
export function authenticate(parts: Parts): Authenticate {
  const bySessionOrToken = identity.authenticate(parts);
  return async (request) => (await files.byDownloadToken(parts, request)) ?? bySessionOrToken(request);
}

/** Puts every module of the product on the server, lowest first. */
export function mountModules(server: Server, parts: Parts): void {
  identity.mount(server, parts, { authorize: access.authorize, allows: access.allows });
  access.mount(server, parts, accessPorts);
  ledger.mount(server, parts, {
    trace: async (context, name) =>
      (await compute.traceJob(context, name)) ??
      (await virus.traceVirus(context, name)) ??
      (await files.traceFile(context, name, { holder: submission.holderOf })) ??
      submission.traceOf(context, name),
  });
  files.mount(server, parts, {
    authenticate: authenticate(parts),
    fileArrived: submission.fileArrived,
    holder: submission.holderOf,
  });
  reference.mount(server, parts);
  submission.mount(server, parts, submissionPorts);
  catalog.mount(server, parts, catalogPorts);
  compute.mount(server, parts, computePorts);
  virus.mount(server, parts);
  inbox.mount(server, parts);
}

/** Opens the SFTP door of the inbox. */
export function startSftp(parts: Parts): Promise<inbox.SftpInbox> {
  return inbox.startSftp(parts, { fileArrived: submission.fileArrived });
}

/** Handlers of all jobs; one that is missing does not compile. */
export function jobHandlers(parts: Parts): JobHandlers {
  return {
    ...tidy.jobs(parts),
    ...identity.jobs(parts),
    ...ledger.jobs,
    ...files.jobs(parts),
    ...reference.jobs(parts),
    ...submission.jobs(parts, submissionPorts),
    ...catalog.jobs(parts, catalogPorts),
    ...inbox.jobs(parts, { fileArrived: submission.fileArrived, holder: submission.holderOf }),
    ...compute.jobs(parts),
    ...virus.jobs(parts),
  };
}

export const schedules: readonly Schedule[] = [
  ...tidy.schedules,
  ...identity.schedules,
  ...ledger.schedules,
  ...files.schedules,
  ...submission.schedules,
  ...catalog.schedules,
  ...inbox.schedules,
  ...compute.schedules,
  ...virus.schedules,
];

export { notePolicies } from './access/index.ts';
export { bootstrapLink } from './identity/index.ts';
export { recover, runLedger } from './ledger/index.ts';
