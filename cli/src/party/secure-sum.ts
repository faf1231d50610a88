import crypto, { createHash } from 'node:crypto';
import { analysisSum, fieldP61, nodeCrypto, secureSum, type Net, type Sum } from '@geneward/mpc';
import type { Peer } from './mesh.ts';
import { PartyProblem } from './problem.ts';

/**
 * The secure addition of `libs/mpc` over the lines of a job. Step and total are compared by hash after each addition, so
 * that parties at different steps, or one that tells two partners two things, end the job.
 */
export async function sumOver(
  peers: readonly Peer[],
  me: number,
  progress: (phase: string, elements: number) => void,
): Promise<Sum> {
  const add = analysisSum(await secureSum(netOver(peers, me), nodeCrypto(crypto), fieldP61));
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

/** Lines as the protocols take them; what cannot be sent shows as the end of the line at the next message. */
function netOver(peers: readonly Peer[], me: number): Net {
  const line = (party: number) => {
    const peer = peers[party < me ? party : party - 1];
    if (!peer || party === me) throw new RangeError('no such party');
    return peer.link;
  };
  return {
    me,
    parties: peers.length + 1,
    send(to, message) {
      const link = line(to);
      link.send(Buffer.from(message)).catch((problem: unknown) => {
        link.fail(problem instanceof PartyProblem ? problem : new PartyProblem('internal'));
      });
    },
    // Plain bytes of their own: the protocols read words from the whole of their buffer, and a Buffer's `slice` does not copy.
    receive: async (from) => new Uint8Array(await line(from).receive()),
  };
}

/** Sends one message to everybody and takes one from everybody, in the order of the peers. */
export async function exchange(peers: readonly Peer[], message: Buffer): Promise<Buffer[]> {
  const sent = Promise.all(peers.map(({ link }) => link.send(message)));
  const received = await Promise.all(peers.map(({ link }) => link.receive()));
  await sent;
  return received;
}

/** Everybody must have the same hash, else the job ends. */
export async function agree(peers: readonly Peer[], hash: Buffer): Promise<void> {
  for (const their of await exchange(peers, hash)) if (!their.equals(hash)) throw new PartyProblem('different-totals');
}
