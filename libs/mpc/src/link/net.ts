/** One party's connections to the others: ordered, authenticated and secret, as mutual TLS makes them. */
export interface Net {
  /** Which of the parties this is, from 0. */
  readonly me: number;
  readonly parties: number;
  /** Hands a message over; it may be sent later, never in another order. */
  send(to: number, message: Uint8Array): void;
  /** The next message of a party; rejects when the link is closed or the partner has aborted. */
  receive(from: number): Promise<Uint8Array>;
}

/** The other parties. */
export const others = ({ me, parties }: Pick<Net, 'me' | 'parties'>): number[] =>
  Array.from({ length: parties }, (_, party) => party).filter((party) => party !== me);

/** Everybody sends to everybody and gets what they sent, by party; one's own is what one gave. */
export async function exchange(net: Net, messages: (to: number) => Uint8Array, own: Uint8Array): Promise<Uint8Array[]> {
  for (const to of others(net)) net.send(to, messages(to));
  return Promise.all(
    Array.from({ length: net.parties }, (_, from) => (from === net.me ? Promise.resolve(own) : net.receive(from))),
  );
}
