import type { Figure } from './figure.ts';
import { send, sendByTus } from './transfer/client.ts';
import { withBareServer, withTusServer } from './transfer/peer.ts';
import { bytesOfReads, readsOf } from './transfer/reads.ts';
import { memoryOf, openTransferSite } from './transfer/site.ts';

/** `GENEWARD_BENCH_MIB=2048` for the size that the target is stated for. */
const mib = Number(process.env['GENEWARD_BENCH_MIB'] ?? 512);
const rounds = 3;

/**
 * One stream of FASTQ over loopback with both hashes, the whole check, the segment tree and encryption, client on the same
 * processors; best of three. Beside it a Node server that only hashes and writes, and the tus server that only writes. Then eight and
 * fifty streams at once.
 */
export async function run(): Promise<Figure[]> {
  const site = await openTransferSite();
  try {
    const headersOf = ({ token }: { token: string }) => ({
      authorization: `Bearer ${token}`,
      'content-type': 'application/octet-stream',
    });
    const headers = headersOf(site.submitter);
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
    const tus = await withTusServer((address) => best(() => sendByTus(address, readsOf(mib), bytesOfReads(mib))));
    /** Streams at once, of two people: MiB per second of all together, and the slowest beside the fastest. */
    const atOnce = async (streams: number) => {
      const began = performance.now();
      const shares = await Promise.all(
        Array.from({ length: streams }, async (_, nth) => {
          const mine = headersOf(nth % 2 === 0 ? site.submitter : site.colleague);
          return (await send(to(`${streams}-${nth}.fastq`), mine, readsOf(mib / streams))).rate;
        }),
      );
      const rate = mib / ((performance.now() - began) / 1000);
      return { rate, fairness: Math.round((Math.min(...shares) / Math.max(...shares)) * 100) / 100 };
    };
    const eight = await atOnce(8);
    const fifty = await memoryOf(site.server.process.pid ?? 0, () => atOnce(50));
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
      {
        name: 'upload.beside.tus',
        value: Math.round(one.result),
        unit: 'MiB/s',
        better: 'higher',
        peer: '@tus/server, which only writes',
        peerValue: Math.round(tus),
        ratio: Math.round((one.result / tus) * 100) / 100,
      },
      { name: 'upload.eight', value: Math.round(eight.rate), unit: 'MiB/s', better: 'higher' },
      { name: 'upload.fairness', value: eight.fairness, unit: 'slowest/fastest', better: 'higher' },
      { name: 'upload.fifty', value: Math.round(fifty.result.rate), unit: 'MiB/s', better: 'higher' },
      { name: 'upload.fifty.fairness', value: fifty.result.fairness, unit: 'slowest/fastest', better: 'higher' },
      {
        name: 'upload.fifty.memory',
        value: Math.round(fifty.grownMiB / 50),
        unit: 'MiB a stream',
        better: 'lower',
        target: 200,
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
