import { createHash } from 'node:crypto';
import { analysisSum, fieldP61, secureSum, type Crypto, type Sum } from '@geneward/mpc';
import type { Peer } from './mesh.ts';
import { agree, netOver } from './net.ts';

/**
 * The secure addition of `libs/mpc` over the lines of a job. Step and total are compared by hash after each addition, so
 * that parties at different steps, or one that tells two partners two things, end the job.
 */
export async function sumOver(
  peers: readonly Peer[],
  me: number,
  crypto: Crypto,
  progress: (phase: string, elements: number) => void,
): Promise<Sum> {
  const order = Array.from({ length: peers.length + 1 }, (_, party) => party);
  const add = analysisSum(await secureSum(netOver(peers, me, order), crypto, fieldP61));
  let round = 0;
  return async (phase, values, bits) => {
    round += 1;
    progress(phase, values.length);
    const total = await add(phase, values, bits);
    const step = createHash('sha256').update(`${round} ${phase} ${values.length} ${bits} `);
    await agree(peers, step.update(total).digest());
    return total;
  };
}
