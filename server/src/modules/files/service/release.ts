import { recordEach, type NewEvent } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction, type Db, type Tx } from '../../../platform/db.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Refusal } from '../../../platform/refuse.ts';
import { countKey, giveBack, noteCounts, noteRates, type Use } from '../limit-store.ts';
import { overLimit, type DownloadLimits } from '../rules.ts';

/** A range that is about to be sent. */
export interface Release extends Use {
  readonly context: Context;
  readonly event: NewEvent;
}

interface Waiting {
  readonly one: Release;
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}

/** Releases of one transaction. */
const most = 500;
const lines = new WeakMap<object, { waiting: Waiting[]; running: boolean }>();

/**
 * Notes a range before its first byte leaves; resolves when its event is safe. Those that come while others are written go together
 * into the next transaction, so thousands of ranges cost few commits. Throws `download_rate` and `download_used_up` where limits are set.
 */
export function release({ pool, config }: Pick<Parts, 'pool' | 'config'>, one: Release): Promise<void> {
  const line = lines.get(pool) ?? { waiting: [], running: false };
  lines.set(pool, line);
  return new Promise((done, fail) => {
    line.waiting.push({ one, done, fail });
    if (!line.running) void run(line, pool.db, config.download);
  });
}

async function run(line: { waiting: Waiting[]; running: boolean }, db: Db, limits: DownloadLimits): Promise<void> {
  line.running = true;
  while (line.waiting.length > 0) {
    const batch = line.waiting.splice(0, most);
    try {
      const releases = batch.map(({ one }) => one);
      const refusals = await transaction(db, (tx) => write(tx, releases, limits));
      for (const { one, done, fail } of batch) {
        const refusal = refusals.get(one);
        if (refusal) fail(refusal);
        else done();
      }
    } catch (error) {
      for (const { fail } of batch) fail(error);
    }
  }
  line.running = false;
}

async function write(tx: Tx, releases: readonly Release[], limits: DownloadLimits): Promise<Map<Release, Refusal>> {
  const refusals = await judge(tx, releases, limits);
  await recordEach(
    tx,
    releases.filter((one) => !refusals.has(one)),
  );
  return refusals;
}

/** Where no limit is set, nothing is counted. */
async function judge(tx: Tx, releases: readonly Release[], limits: DownloadLimits): Promise<Map<Release, Refusal>> {
  const { requestsPerMinute, bytesPerMinute, copies } = limits;
  const rates = requestsPerMinute + bytesPerMinute > 0 ? await noteRates(tx, releases) : new Map();
  const counts = copies > 0 ? await noteCounts(tx, releases) : new Map();
  const refusals = new Map<Release, Refusal>();
  if (rates.size + counts.size === 0) return refusals;
  for (const one of releases) {
    const rate = rates.get(one.grant) ?? { requests: 0, bytes: 0, until: one.at };
    const taken = counts.get(countKey(one)) ?? 0;
    const over = overLimit(limits, { ...rate, taken, size: Number(one.size), now: one.at });
    rates.set(one.grant, { ...rate, requests: rate.requests + 1, bytes: rate.bytes + (over ? 0 : Number(one.bytes)) });
    counts.set(countKey(one), taken + (over ? 0 : Number(one.bytes)));
    if (!over) continue;
    refusals.set(one, refusal(one, over));
    await giveBack(tx, one);
  }
  return refusals;
}

function refusal({ event }: Release, { code, ...details }: NonNullable<ReturnType<typeof overLimit>>): Refusal {
  const { object } = event;
  const content = { action: 'object:read_data', reason: code, policies: [] };
  return new Refusal(code, { type: 'access.refused', ...(object && { object }), content }, details);
}
