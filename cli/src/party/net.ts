import type { Net } from '@geneward/mpc';
import type { Peer } from './mesh.ts';
import { PartyProblem } from './problem.ts';

/**
 * Lines as the protocols take them; what cannot be sent shows as the end of the line at the next message.
 * @param order which party of the job each party of the net is: those who compute come first
 */
export function netOver(peers: readonly Peer[], self: number, order: readonly number[]): Net {
  const line = (party: number) => {
    const at = order[party] ?? self;
    const peer = peers[at < self ? at : at - 1];
    if (!peer || at === self) throw new RangeError('no such party');
    return peer.link;
  };
  return {
    me: order.indexOf(self),
    parties: order.length,
    send(to, message) {
      const link = line(to);
      link.send(Buffer.from(message.buffer, message.byteOffset, message.byteLength)).catch((problem: unknown) => {
        link.fail(problem instanceof PartyProblem ? problem : new PartyProblem('internal'));
      });
    },
    // Plain bytes: the protocols read words from them, and a Buffer's `slice` does not copy.
    async receive(from) {
      const message = await line(from).receive();
      return new Uint8Array(message.buffer, message.byteOffset, message.byteLength);
    },
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
