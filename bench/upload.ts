import type { Figure } from './figure.ts';
import { send } from './transfer/client.ts';
import { withBareServer } from './transfer/peer.ts';
import { readsOf } from './transfer/reads.ts';
import { memoryOf, openTransferSite } from './transfer/site.ts';

/** `GENEWARD_BENCH_MIB=2048` for the size that the target is stated for. */
const mib = Number(process.env['GENEWARD_BENCH_MIB'] ?? 512);
const rounds = 3;

/**
 * One stream of FASTQ over loopback with both hashes, the whole check, the segment tree and encryption, client on the same
 * processors; best of three. Beside it a Node server that only hashes and writes. Then eight streams at once.
 */
export async function run(): Promise<Figure[]> {
  const site = await openTransferSite();
  try {
    const headers = { authorization: `Bearer ${site.submitter.token}`, 'content-type': 'application/octet-stream' };
    const to = (name: string) => `${site.server.address}/api/v1/files/${name}?duplicate=accept`;
    await send(to('warm.fastq'), headers, readsOf(16));
    const one = await memoryOf(site.server.process.pid ?? 0, () =>
      best(async () => {
        const { body, rate } = await send(to('one.fastq'), headers, readsOf(mib));
        const { state } = JSON.parse(body) as { state: string };
        if (state !== 'stored' && state !== 'checking') throw new Error(`the file is ${state}`);
        return rate;
      }),
    );
    const bare = await withBareServer((address) => best(async () => (await send(address, {}, readsOf(mib))).rate));
    const began = performance.now();
    const shares = await Promise.all(
      Array.from({ length: 8 }, async (_, nth) => (await send(to(`side${nth}.fastq`), headers, readsOf(mib / 8))).rate),
    );
    const together = mib / ((performance.now() - began) / 1000);
    return [
      {
        name: 'upload.stream',
        value: Math.round(one.result),
        unit: 'MiB/s',
        better: 'higher',
        target: 150,
        peer: 'bare Node server that hashes and writes',
        peerValue: Math.round(bare),
        ratio: Math.round((one.result / bare) * 100) / 100,
      },
      { name: 'upload.memory', value: one.grownMiB, unit: 'MiB', better: 'lower', target: 200 },
      { name: 'upload.eight', value: Math.round(together), unit: 'MiB/s', better: 'higher' },
      {
        name: 'upload.fairness',
        value: Math.round((Math.min(...shares) / Math.max(...shares)) * 100) / 100,
        unit: 'slowest/fastest',
        better: 'higher',
      },
    ];
  } finally {
    await site.close();
  }
}

async function best(once: () => Promise<number>): Promise<number> {
  let most = 0;
  for (let round = 0; round < rounds; round += 1) most = Math.max(most, await once());
  return most;
}
