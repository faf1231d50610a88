import { logKind, read, type ChainEvent, type ChainState } from '@geneward/chain';
import { formatNote, signatureLine, type Signer } from '@geneward/merkle';

/** Heads of one log whose cosignatures a validator still gives, besides the last. */
const remembered = 256;

interface Head {
  readonly text: string;
  readonly time: bigint;
}

/**
 * A validator's word on checkpoints that the chain has made final, as C2SP cosignatures: verified with a note key, without the
 * chain. It is given for committed heads only; the time is that of the block, so that asking twice gives the same line.
 */
export interface Cosigner {
  /** A block became final. */
  committed(state: ChainState, events: readonly ChainEvent[], time: bigint): void;
  /** The checkpoint with this validator's line, as a note; the last one when no size is given. */
  note(state: ChainState, origin: string, size: bigint | undefined): string | undefined;
}

export function cosignerOf(signer: Signer): Cosigner {
  const heads = new Map<string, Map<bigint, Head>>();
  const lines = new Map<string, string>();
  const sign = ({ text, time }: Head): string => {
    const name = `${time} ${text}`;
    const known = lines.get(name) ?? formatNote(text, [signatureLine(text, signer, time)]);
    if (lines.size >= 4 * remembered) lines.clear();
    lines.set(name, known);
    return known;
  };
  return {
    committed(state, events, time) {
      for (const { type, attributes } of events) {
        const told = new Map(attributes);
        const origin = told.get('origin');
        const log = type === 'checkpoint' && origin !== undefined ? read(state, logKind, origin) : undefined;
        if (origin === undefined || !log) continue;
        const of = heads.get(origin) ?? new Map<bigint, Head>();
        heads.set(origin, of);
        of.set(log.size, { text: log.text, time });
        for (const old of of.keys()) if (of.size > remembered) of.delete(old);
      }
    },
    note(state, origin, size) {
      const log = read(state, logKind, origin);
      if (!log || log.text === '') return undefined;
      const head = size === undefined || size === log.size ? log : heads.get(origin)?.get(size);
      return head && sign(head);
    },
  };
}
