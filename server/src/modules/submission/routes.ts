import { Readable } from 'node:stream';
import { submissionRoutes } from '@geneward/api';
import type { FastifyReply } from 'fastify';
import { bind, type Server } from '../../platform/http.ts';
import { disposition } from '../files/index.ts';
import { firstFindings } from './findings.ts';
import { sheetSource, type Intake } from './intake.ts';
import * as draft from './service/draft.ts';
import { addEntry, changeEntry, deleteEntry } from './service/edit-entry.ts';
import { exportObject, exportSubmission, listLosses, type Exported } from './service/export.ts';
import { listFiles } from './service/file-states.ts';
import * as read from './service/read.ts';
import { openReport } from './service/report.ts';
import * as sheets from './service/sheet.ts';
import { submitSubmission } from './service/submit.ts';
import { findingView, sheetView, submissionView } from './views.ts';

/** Findings that come with the answer to a sheet; the rest is asked for. */
const shownAtOnce = 200;

/** Puts drafts, their sheets, objects and reports on the server. */
export function bindIntake(server: Server, intake: Intake): void {
  bind(server, submissionRoutes, {
    createSubmission: async ({ context, body, etag }) => {
      const row = await draft.createSubmission(context, intake, body);
      etag(row.etag);
      return submissionView(context.db, row);
    },
    listSubmissions: ({ context, query }) => read.listSubmissions(context, query),
    getSubmission: async ({ context, params, etag }) => {
      const view = await read.getSubmission(context, params.submission);
      etag(view.version);
      return view;
    },
    changeSubmission: async ({ context, params, body, ifMatch, etag }) => {
      const row = await draft.changeSubmission(context, intake, { ...params, ...body, ifMatch });
      etag(row.etag);
      return submissionView(context.db, row);
    },
    deleteSubmission: ({ context, params }) => draft.deleteSubmission(context, intake, params.submission),
    withdrawSubmission: async ({ context, params }) =>
      submissionView(context.db, await draft.withdrawSubmission(context, intake, params.submission)),
    putSheet: async ({ context, params, bytes }) => {
      const { submission, sheet: name } = params;
      const sheet = await sheets.putSheet(context, intake, { submission, name, bytes });
      const found = await firstFindings(context.db, submission, sheetSource(name), shownAtOnce);
      return { ...sheetView(sheet), findings: found.map((finding) => findingView(finding, context.language)) };
    },
    getSheet: async ({ context, params }) => sheetView(await sheets.getSheet(context, params.submission, params.sheet)),
    getSheetContent: async ({ context, params, reply }) => {
      const { sheet, bytes } = await sheets.openSheet(context, intake, params.submission, params.sheet);
      return attachment(reply, sheet.name, 'application/octet-stream').send(Readable.from(bytes));
    },
    deleteSheet: ({ context, params }) => sheets.deleteSheet(context, intake, params.submission, params.sheet),
    listFindings: ({ context, params, query }) => read.listFindings(context, params.submission, query),
    downloadReport: async ({ context, params, query, reply }) => {
      const report = await openReport(context, params.submission, query.format);
      const type = query.format === 'tsv' ? 'text/tab-separated-values' : 'application/json';
      return attachment(reply, `report.${query.format}`, `${type}; charset=utf-8`).send(Readable.from(report));
    },
    listEntries: ({ context, params, query }) => read.listEntries(context, params.submission, query),
    addEntry: async ({ context, params, body, etag }) => {
      const added = await addEntry(context, params.submission, body);
      etag(added.etag);
      return added.entry;
    },
    getEntry: async ({ context, params, etag }) => {
      const found = await read.getEntry(context, params.submission, params.object);
      etag(found.etag);
      return found.entry;
    },
    changeEntry: async ({ context, params, body, ifMatch, etag }) => {
      const changed = await changeEntry(context, intake, { ...params, ifMatch }, body);
      etag(changed.etag);
      return changed.entry;
    },
    deleteEntry: ({ context, params }) => deleteEntry(context, intake, params.submission, params.object),
    listSubmissionFiles: ({ context, params, query }) => listFiles(context, params.submission, query),
    submitSubmission: async ({ context, params }) =>
      submissionView(context.db, await submitSubmission(context, params.submission)),
    exportSubmission: async ({ context, params, query, reply }) =>
      send(reply, await exportSubmission(context, params.submission, query)),
    listLosses: ({ context, params, query }) => listLosses(context, params.submission, query.limit),
    exportObject: async ({ context, params, query, reply }) =>
      send(reply, await exportObject(context, params.object, query.format)),
  });
}

const send = (reply: FastifyReply, { name, type, bytes }: Exported): FastifyReply =>
  attachment(reply, name, type).send(Buffer.from(bytes));

/** A name that a submitter chose is given in UTF-8 (RFC 8187), with a plain one beside it. */
function attachment(reply: FastifyReply, name: string, type: string): FastifyReply {
  return reply.type(type).header('content-disposition', disposition(name));
}
