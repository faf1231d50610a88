import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { apply, firstState, logKind, mapGet, read, refusals, type ChainState, type Genesis } from '@geneward/chain';
import { formatNote, signatureLine, type Signer } from '@geneward/merkle';

/** A node of the consortium chain: the real state machine behind the part of CometBFT's JSON-RPC that we use. */
export interface ChainNode {
  readonly address: string;
  /** Puts what waits in a block. */
  block(): void;
  stop(): Promise<void>;
}

interface Call {
  readonly method: string;
  readonly params: { readonly tx?: string; readonly path?: string; readonly data?: string };
}

export async function startChainNode(
  genesis: Genesis,
  cosigner: Signer,
  port = 0,
  from?: ChainState,
): Promise<ChainNode & { state(): ChainState }> {
  let final = from ?? firstState(genesis);
  let pool = final;
  let height = 1n;
  const answer = ({ method, params }: Call): unknown => {
    if (method === 'broadcast_tx_sync') {
      const applied = apply(pool, Buffer.from(params.tx ?? '', 'base64'), { height, time: 1_764_000_000n });
      pool = applied.state;
      return applied.ok ? { code: 0, log: '' } : { code: refusals[applied.code].number, log: applied.message };
    }
    if (method !== 'abci_query') throw new Error(`the fake does not know ${method}`);
    const data = Uint8Array.from(Buffer.from(params.data ?? '', 'hex'));
    const size = /^\/cosignature\/(\d+)$/.exec(params.path ?? '')?.[1];
    const log = size === undefined ? undefined : read(final, logKind, new TextDecoder().decode(data));
    const note =
      log && String(log.size) === size ? formatNote(log.text, [signatureLine(log.text, cosigner, log.time)]) : '';
    const value = params.path === '/record' ? mapGet(final.map, data) : new TextEncoder().encode(note);
    return { response: { value: Buffer.from(value ?? []).toString('base64'), height: String(height) } };
  };
  const server: Server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const result = answer(JSON.parse(Buffer.concat(pieces).toString()) as Call);
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ jsonrpc: '2.0', id: 1, result }));
    });
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    block() {
      final = pool;
      height += 1n;
    },
    state: () => final,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
