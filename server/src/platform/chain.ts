import {
  chainClient,
  freeNonces,
  signTransaction,
  verifyCosignature,
  type Act,
  type ChainClient,
  type RefusalCode,
} from '@geneward/chain';

/** How an installation reaches the consortium chain. */
export interface ChainOptions {
  readonly chainId: string;
  /** JSON-RPC addresses of nodes, the own one first; the next is asked when one is not reached. */
  readonly nodes: readonly string[];
  /** Id of the institution as a member, and the 32 secret bytes of its key. */
  readonly member: string;
  readonly seed: Uint8Array;
  /** Verifier keys of the validators, and how many of them have to say that a head is final. */
  readonly cosigners: readonly string[];
  readonly quorum: number;
  /** A node that is silent for this long is not reached. */
  readonly timeoutMs?: number;
}

/** A head of the institution's own log, and how to prove it from what the chain has. */
export interface OwnHead {
  readonly origin: string;
  readonly size: bigint;
  /** The checkpoint, signed by the log. */
  readonly note: string;
  prove(from: bigint): Promise<readonly Uint8Array[]>;
}

/** Where a head stands on the chain. `unreachable` and `pending` want to be asked again later, and nothing is lost until then. */
export type ChainStanding =
  | { readonly standing: 'final'; readonly size: bigint }
  | { readonly standing: 'pending' }
  | { readonly standing: 'unreachable'; readonly reason: string }
  | { readonly standing: 'refused'; readonly code: RefusalCode | 'unknown'; readonly message: string };

/** Validators' words on one checkpoint, each of them verified. */
export interface Finality {
  readonly text: string;
  readonly lines: readonly string[];
  /** As many as the quorum asks. */
  readonly enough: boolean;
}

/**
 * The consortium chain as the platform sees it. It is asked from jobs only, never on the way of a write: when it is down,
 * everything goes on, and the first head that is handed in afterwards is proven from the last one that the chain has, however
 * much happened in between.
 */
export interface ConsortiumChain {
  /** Hands a head in unless the chain has one as large. Safe to repeat. */
  handIn(head: OwnHead): Promise<ChainStanding>;
  /** Makes the institution the owner of a log that the chain does not know. @param key verifier key of the log */
  register(key: string): Promise<ChainStanding>;
  /** What the chain holds of a log: the head that it must never fall behind. Undefined when no node is reached, or no log known. */
  head(
    origin: string,
  ): Promise<{ readonly size: bigint; readonly root: Uint8Array; readonly frozen: boolean } | undefined>;
  /** Gathers the validators' cosignatures on the checkpoint of that size. */
  finality(origin: string, size: bigint): Promise<Finality | undefined>;
}

export function openChain(options: ChainOptions): ConsortiumChain {
  const { chainId, member: id, seed, cosigners, quorum, timeoutMs = 5000 } = options;
  const clients = options.nodes.map((address) => chainClient(httpCall(address, timeoutMs)));
  const ask = async <T>(question: (client: ChainClient) => Promise<T>): Promise<T> => {
    const faults: string[] = [];
    for (const client of clients) {
      try {
        return await question(client);
      } catch (error) {
        faults.push(error instanceof Error ? error.message : String(error));
      }
    }
    throw new Unreachable(faults.join('; '));
  };

  const handInTo = async (client: ChainClient, head: OwnHead): Promise<ChainStanding> => {
    const log = await client.log(head.origin);
    if (!log) return { standing: 'refused', code: 'unknown_log', message: head.origin };
    if (log.frozen) return { standing: 'refused', code: 'log_frozen', message: head.origin };
    if (log.size >= head.size) return { standing: 'final', size: log.size };
    return order(client, { type: 'SubmitCheckpoint', note: head.note, proof: await head.prove(log.size) });
  };
  const order = async (client: ChainClient, act: Act): Promise<ChainStanding> => {
    const member = await client.member(id);
    if (!member) return { standing: 'refused', code: 'unknown_member', message: id };
    let last: ChainStanding = { standing: 'pending' };
    for (const nonce of freeNonces(member)) {
      const answer = await client.submit(signTransaction({ chainId, member: id, nonce, act }, seed));
      // A head as large, or one before it, waits in the pool already: this one is handed in when that is final.
      if (answer.pending || answer.code === 'checkpoint_old' || answer.code === 'proof_wrong')
        return { standing: 'pending' };
      last = { standing: 'refused', code: answer.code, message: answer.message };
      if (answer.code !== 'nonce_used') break;
    }
    return last;
  };

  const standingOf = async (question: (client: ChainClient) => Promise<ChainStanding>): Promise<ChainStanding> => {
    try {
      return await ask(question);
    } catch (error) {
      if (error instanceof Unreachable) return { standing: 'unreachable', reason: error.message };
      throw error;
    }
  };
  return {
    handIn: (head) => standingOf((client) => handInTo(client, head)),
    register: (key) => standingOf((client) => order(client, { type: 'RegisterLog', key })),
    async head(origin) {
      try {
        return await ask((client) => client.log(origin));
      } catch (error) {
        if (error instanceof Unreachable) return undefined;
        throw error;
      }
    },
    async finality(origin, size) {
      const given = await Promise.all(clients.map((client) => client.cosignature(origin, size).catch(() => undefined)));
      const right = new Map<string, { text: string; line: string }>();
      for (const one of given) {
        const key = one && cosigners.find((cosigner) => verifyCosignature(one, cosigner));
        if (one && key !== undefined) right.set(key, one);
      }
      const [first] = right.values();
      if (!first) return undefined;
      const lines = [...right.values()].filter(({ text }) => text === first.text).map(({ line }) => line);
      return { text: first.text, lines, enough: lines.length >= quorum };
    },
  };
}

class Unreachable extends Error {}

/** One JSON-RPC call over HTTP. @throws Error when the node is not reached or answers an error */
function httpCall(address: string, timeoutMs: number) {
  return async (method: string, params: Readonly<Record<string, unknown>>): Promise<unknown> => {
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { result, error } = (await answer.json()) as { result?: unknown; error?: { message: string; data?: string } };
    if (error) throw new Error(`${error.message}: ${error.data ?? ''}`);
    return result;
  };
}
