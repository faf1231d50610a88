import { objectRoutes, reviewRoutes } from '@geneward/api';
import { bind, type Server } from '../../platform/http.ts';
import type { Archive } from './archive.ts';
import { addComment, listComments, resolveComment } from './service/comment.ts';
import { diffVersions, listVersions, objectHistory } from './service/history.ts';
import { changeManner, holdObject } from './service/hold.ts';
import { exportLineage, exportName, type Site } from './service/export-lineage.ts';
import { objectsBelow } from './service/lineage-below.ts';
import { lineageOf } from './service/lineage.ts';
import { getObject } from './service/read-object.ts';
import { citeObject, releaseObject } from './service/release.ts';
import { acceptSubmission } from './service/review-accept.ts';
import { claimReview, getReview, reviewQueue, unclaimReview } from './service/review-queue.ts';
import { returnSubmission } from './service/review-return.ts';
import { reviseObject } from './service/revise.ts';
import { restoreObject, suppressObject, withdrawObject } from './service/withdraw.ts';

/** Puts the review of submissions and the life of objects after acceptance on the server. */
export function bindReview(server: Server, archive: Archive, site: Site): void {
  bind(server, reviewRoutes, {
    reviewQueue: ({ context, query }) => reviewQueue(context, query),
    getReview: async (call) => {
      const review = await getReview(call.context, call.params.submission);
      call.etag(review.version);
      return review;
    },
    claimReview: ({ context, params }) => claimReview(context, params.submission),
    unclaimReview: ({ context, params }) => unclaimReview(context, params.submission),
    returnSubmission: ({ context, params, body, ifMatch }) =>
      returnSubmission(context, archive, { ...params, ...body, ifMatch }),
    acceptSubmission: ({ context, params, body, ifMatch }) =>
      acceptSubmission(context, archive, { ...params, ...body, ifMatch }),
    listComments: ({ context, params, query }) =>
      listComments(context, { ...params, after: query.after, limit: query.limit, open: query.open === 'true' }),
    commentAsSubmitter: ({ context, params, body }) => addComment(context, { ...params, ...body, side: 'submitter' }),
    commentAsCurator: ({ context, params, body }) => addComment(context, { ...params, ...body, side: 'curator' }),
    resolveCommentAsSubmitter: ({ context, params }) => resolveComment(context, { ...params, side: 'submitter' }),
    resolveCommentAsCurator: ({ context, params }) => resolveComment(context, { ...params, side: 'curator' }),
  });
  bind(server, objectRoutes, {
    getObject: async (call) => {
      const { etag, ...object } = await getObject(call.context, { ...call.params, version: call.query.version });
      call.etag(etag);
      return object;
    },
    listVersions: ({ context, params, query }) => listVersions(context, { ...params, ...query }),
    diffVersions: ({ context, params, query }) => diffVersions(context, { ...params, ...query }),
    objectHistory: ({ context, params, query }) => objectHistory(context, { ...params, ...query }),
    objectGraph: ({ context, params, query }) => lineageOf(context, { ...params, ...query }),
    objectLineage: async ({ context, params, query, reply }) => {
      const address = `${reply.request.protocol}://${reply.request.host}`;
      const made = await exportLineage(context, site, address, { ...params, ...query });
      return reply
        .type(query.format === 'prov' ? 'application/json' : 'application/ld+json')
        .header('content-disposition', `attachment; filename="${exportName(params.object, query.format)}"`)
        .send(JSON.stringify(made, undefined, 2));
    },
    objectsBelow: ({ context, params, query }) => objectsBelow(context, { ...params, ...query }),
    releaseObject: ({ context, params, body, ifMatch }) =>
      releaseObject(context, archive, { ...params, ...body, ifMatch }),
    holdObject: ({ context, params, body, ifMatch }) => holdObject(context, archive, { ...params, ...body, ifMatch }),
    changeManner: ({ context, params, body, ifMatch }) =>
      changeManner(context, archive, { ...params, ...body, ifMatch }),
    citeObject: ({ context, params, body }) => citeObject(context, archive, { ...params, ...body }),
    suppressObject: ({ context, params, body, ifMatch }) =>
      suppressObject(context, archive, { ...params, ...body, ifMatch }),
    restoreObject: ({ context, params, ifMatch }) => restoreObject(context, archive, { ...params, ifMatch }),
    withdrawObject: ({ context, params, body, ifMatch }) =>
      withdrawObject(context, archive, { ...params, ...body, ifMatch }),
    reviseObject: ({ context, params, body, ifMatch }) => reviseObject(context, { ...params, ...body, ifMatch }),
  });
}
