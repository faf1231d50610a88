import type { Figure } from './figure.ts';
import { fetchVerified, send } from './transfer/client.ts';
import { withBareServer } from './transfer/peer.ts';
import { readsOf } from './transfer/reads.ts';
import { openTransferSite } from './transfer/site.ts';

/** `GENEWARD_BENCH_MIB=2048` for the size that the target is stated for. */
const mib = Number(process.env['GENEWARD_BENCH_MIB'] ?? 512);
const rounds = 3;

/**
 * One stream over loopback: read, decrypted and held against its tree by the server, verified by the client, both on the same
 * processors; best of three. Beside it a Node server that reads a file and sends it, with the same client.
 */
export async function run(): Promise<Figure[]> {
  const site = await openTransferSite();
  try {
    const headers = { authorization: `Bearer ${site.submitter.token}` };
    const to = `${site.server.address}/api/v1/files/reads.fastq`;
    const { body } = await send(to, headers, readsOf(mib));
    const { id, sha256 } = JSON.parse(body) as { id: string; sha256: string };
    const ours = await best(() => fetchVerified(`${site.server.address}/api/v1/files/${id}/content`, headers, sha256));
    const bare = await withBareServer(async (address) => {
      const sent = await send(address, {}, readsOf(mib));
      const plain = (JSON.parse(sent.body) as { sha256: string }).sha256;
      return best(() => fetchVerified(address, {}, plain));
    });
    return [
      {
        name: 'download.verified',
        value: Math.round(ours),
        unit: 'MiB/s',
        better: 'higher',
        target: 250,
        peer: 'bare Node file server',
        peerValue: Math.round(bare),
        ratio: Math.round((ours / bare) * 100) / 100,
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
