import { inboxEvents, inboxProblems, inboxRoutes } from '@geneward/api';
import { registerEvents } from '../../platform/audit.ts';
import { bind, type Server } from '../../platform/http.ts';
import type { Parts } from '../../platform/parts.ts';
import { registerProblems } from '../../platform/problem.ts';
import { openHostKeys } from './sftp/host-keys.ts';
import { commonUser } from './sftp/server.ts';

export { jobs, schedules } from './drop/job.ts';
export { startSftp, type SftpInbox } from './sftp/server.ts';

registerProblems(inboxProblems);
registerEvents(inboxEvents);

/** Tells people how to reach the other doors of the inbox. */
export function mount(server: Server, { config }: Parts): void {
  bind(server, inboxRoutes, {
    async describeSftp() {
      const { port } = config.sftp;
      if (port === undefined) return { open: false };
      const hostKeys = openHostKeys(config.data).map(({ type, fingerprint, publicKey }) => ({
        type,
        fingerprint,
        publicKey,
      }));
      return { open: true, port, user: commonUser, hostKeys };
    },
  });
}
