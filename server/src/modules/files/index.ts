import { filesEvents, filesProblems } from '@geneward/api';
import { registerEvents } from '../../platform/audit.ts';
import type { Server } from '../../platform/http.ts';
import type { Parts } from '../../platform/parts.ts';
import { registerProblems } from '../../platform/problem.ts';
import type { FilesPorts } from './ports.ts';
import { bindRoutes } from './routes.ts';
import './tables.ts';

export type { FilesPorts } from './ports.ts';
export { arriving } from './arriving.ts';
export { fileSizes, filesWanted, unclaimedFiles, type Claim, type FileRow } from './store.ts';
export { jobs, schedules } from './jobs.ts';
export { disposition, nameFault } from './rules.ts';
export { deleteFile } from './service/delete.ts';
export { getFile, getReport } from './service/read.ts';
export { renameFile, renameUpload } from './service/rename.ts';
export { mayUpload } from './service/sender.ts';
export { traceFile } from './service/trace.ts';
export { openInbox, type Inbox } from './service/inbox.ts';
export { byDownloadToken } from './service/download-token.ts';
export { checkPairingOf, claimFiles, openFile, releaseClaim, standing } from './service/claim.ts';

registerProblems(filesProblems);
registerEvents(filesEvents);

/** Puts uploads, the inbox and downloads on the server. */
export function mount(server: Server, parts: Parts, ports: FilesPorts): void {
  bindRoutes(server, parts, ports);
}
