import { takeAll } from '../src/modules/inbox/drop/job.ts';
import { fileArrived, holderOf } from '../src/modules/submission/index.ts';
import { readConfig } from '../src/platform/config.ts';
import { systemContext } from '../src/platform/context.ts';
import { startParts } from '../src/platform/start.ts';

// One look into the watched folders of the configuration, in a process that a test can kill.
const parts = await startParts(readConfig(process.env, process.cwd()), 'work');
const { pool, log, now } = parts;
const context = systemContext({ db: pool.db, log, now, name: 'inbox.drop', requestId: 'drop' });
process.stdout.write('looking\n');
await takeAll(context, parts, { fileArrived, holder: holderOf });
await parts.stop();
