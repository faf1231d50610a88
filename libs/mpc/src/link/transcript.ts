import type { Sha256 } from '../prg/crypto.ts';
import type { Net } from './net.ts';

/** What went over a link, in one hash a direction: both ends come to the same. */
export interface Transcript {
  readonly partner: number;
  readonly sent: { readonly frames: number; readonly bytes: number; readonly head: Uint8Array };
  readonly received: { readonly frames: number; readonly bytes: number; readonly head: Uint8Array };
}

interface Chain {
  frames: number;
  bytes: number;
  head: Uint8Array;
}

/** Follows every frame with a hash chain: head := SHA-256(head ‖ length as 8 bytes ‖ frame), from 32 zero bytes. */
export function recorded(net: Net, sha256: Sha256): Net & { transcripts(): Transcript[] } {
  const chains = () =>
    Array.from({ length: net.parties }, (): Chain => ({ frames: 0, bytes: 0, head: new Uint8Array(32) }));
  const [sent, received] = [chains(), chains()];
  const follow = (chain: Chain | undefined, frame: Uint8Array) => {
    if (!chain) return;
    const bytes = new Uint8Array(40 + frame.length);
    bytes.set(chain.head);
    new DataView(bytes.buffer).setBigUint64(32, BigInt(frame.length));
    bytes.set(frame, 40);
    chain.head = sha256(bytes);
    chain.frames += 1;
    chain.bytes += frame.length;
  };
  return {
    me: net.me,
    parties: net.parties,
    send(to, message) {
      follow(sent[to], message);
      net.send(to, message);
    },
    async receive(from) {
      const message = await net.receive(from);
      follow(received[from], message);
      return message;
    },
    transcripts: () =>
      sent.flatMap((out, partner) => {
        const into = received[partner];
        return partner === net.me || !into ? [] : [{ partner, sent: { ...out }, received: { ...into } }];
      }),
  };
}
