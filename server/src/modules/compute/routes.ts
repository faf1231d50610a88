import { Readable } from 'node:stream';
import { computeRoutes, jobTemplates } from '@geneward/api';
import { bind, type Server } from '../../platform/http.ts';
import type { Parts } from '../../platform/parts.ts';
import { authenticate } from '../identity/index.ts';
import type { ComputePorts } from './ports.ts';
import { approveJob, startJob, withdrawApproval } from './service/approve.ts';
import { freezeConsent, listFreezes } from './service/freeze.ts';
import * as parties from './service/parties.ts';
import { cancelJob, openJob } from './service/propose.ts';
import { getJob, listJobs } from './service/read.ts';
import { abortJob, reportProgress, sealJob } from './service/report.ts';
import { getReceipt, putResult, sendResult } from './service/result.ts';
import { watchJob } from './service/stream.ts';
import { explained } from './views.ts';

/** Contract to use case. */
export function mountRoutes(server: Server, parts: Parts, ports: ComputePorts): void {
  const stopping = new AbortController();
  server.addHook('preClose', async () => stopping.abort());
  const who = authenticate(parts);
  bind(server, computeRoutes, {
    jobTemplates: async () => ({
      items: jobTemplates.map(({ analysis, inputs }) => ({ analysis, inputs: [...inputs] })),
    }),
    explainJob: async ({ body }) => explained(body.specification),
    listParties: ({ context, query }) => parties.listParties(context, query),
    registerParty: ({ context, body }) => parties.registerParty(context, body),
    retireParty: ({ context, params }) => parties.retireParty(context, params.party),
    putOffer: ({ context, params, body }) => parties.putOffer(context, params, body),
    removeOffer: ({ context, params }) => parties.removeOffer(context, params),
    listJobs: ({ context, query }) => listJobs(context, query),
    openJob: ({ context, body }) => openJob(context, ports, body),
    getJob: ({ context, params }) => getJob(context, params.job),
    approveJob: ({ context, params, body }) => approveJob(context, params.job, body),
    withdrawApproval: ({ context, params }) => withdrawApproval(context, params.job),
    startJob: ({ context, params }) => startJob(context, params.job),
    cancelJob: ({ context, params }) => cancelJob(context, params.job),
    reportProgress: ({ context, params, body }) => reportProgress(context, params.job, body),
    abortJob: ({ context, params, body }) => abortJob(context, params.job, body),
    sealJob: ({ context, params, body }) => sealJob(context, params.job, body),
    getReceipt: ({ context, params }) => getReceipt(context, params.job),
    putResult: ({ context, params, bytes }) => putResult(context, parts, params.job, bytes),
    getResult: ({ context, params, query, reply }) =>
      sendResult(context, parts, { job: params.job, format: query.format }, reply),
    async jobEvents({ context, params, headers, reply }) {
      const last = headers['last-event-id'];
      const stream = await watchJob(
        context,
        { authenticate: () => who(reply.request), stopping: stopping.signal },
        { job: params.job, after: typeof last === 'string' ? last : undefined },
      );
      return reply
        .type('text/event-stream; charset=utf-8')
        .header('x-accel-buffering', 'no')
        .send(Readable.from(stream));
    },
    freezeConsent: ({ context, body }) => freezeConsent(context, body),
    listFreezes: ({ context, query }) => listFreezes(context, query),
  });
}
