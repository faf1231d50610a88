import type { Storage } from './blobs.ts';
import type { Config } from './config.ts';
import type { Pool } from './db.ts';
import type { KeyService } from './keys/key-service.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { RequestLimit } from './request-limit.ts';

/** What modules are given to stand on; built once in `main.ts` or by a test. */
export interface Parts {
  readonly config: Config;
  readonly pool: Pool;
  readonly blobs: Storage;
  readonly keys: KeyService;
  readonly log: Log;
  readonly metrics: Metrics;
  /** What people may ask in a minute, over all doors of this process. */
  readonly requests: RequestLimit;
  readonly now: () => Date;
}
