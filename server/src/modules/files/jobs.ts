import type { JobHandlersFor, Schedule } from '../../platform/jobs.ts';
import type { Parts } from '../../platform/parts.ts';
import { checkAgain, discardBlob, expireUnclaimed, sweep, tidy, verifyBlobs } from './service/upkeep.ts';

declare module '../../platform/jobs.ts' {
  interface Jobs {
    'files.check': { id: string };
    'files.discard': { sha256: string };
    'files.expire': object;
    'files.tidy': object;
    'files.sweep': object;
    'files.verify': object;
  }
}

type Name = 'files.check' | 'files.discard' | 'files.expire' | 'files.tidy' | 'files.sweep' | 'files.verify';

export function jobs(parts: Parts) {
  return {
    'files.check': ({ id }, context) => checkAgain(context, id, parts),
    'files.discard': ({ sha256 }, context) => discardBlob(context, sha256, parts),
    'files.expire': (_payload, context) => expireUnclaimed(context, parts),
    'files.tidy': (_payload, context) => tidy(context, parts),
    'files.sweep': (_payload, context) => sweep(context, parts),
    'files.verify': (_payload, context) => verifyBlobs(context, parts),
  } satisfies JobHandlersFor<Name>;
}

export const schedules: readonly Schedule[] = [
  { name: 'files.expire', cron: '7 * * * *' },
  { name: 'files.tidy', cron: '37 * * * *' },
  { name: 'files.sweep', cron: '47 3 * * *' },
  { name: 'files.verify', cron: '22 * * * *' },
];
