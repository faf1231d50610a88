import { createServer, type Server, type Socket } from 'node:net';
import { rmSync } from 'node:fs';
import {
  Request,
  Response,
  type RequestApplySnapshotChunk,
  type RequestCheckTx,
  type RequestFinalizeBlock,
  type RequestInitChain,
  type RequestLoadSnapshotChunk,
  type RequestOfferSnapshot,
  type RequestPrepareProposal,
  type RequestProcessProposal,
  type RequestQuery,
  type ResponseApplySnapshotChunk,
  type ResponseCheckTx,
  type ResponseCommit,
  type ResponseFinalizeBlock,
  type ResponseInfo,
  type ResponseInitChain,
  type ResponseListSnapshots,
  type ResponseLoadSnapshotChunk,
  type ResponseOfferSnapshot,
  type ResponsePrepareProposal,
  type ResponseProcessProposal,
  type ResponseQuery,
} from 'cosmjs-types/tendermint/abci/types';
import { frame, frameReader } from './frames.ts';

/** What an application answers to the engine: ABCI 2.0, without vote extensions, which double the latency. */
export interface AbciApplication {
  info(): ResponseInfo;
  initChain(request: RequestInitChain): ResponseInitChain;
  checkTx(request: RequestCheckTx): ResponseCheckTx;
  prepareProposal(request: RequestPrepareProposal): ResponsePrepareProposal;
  processProposal(request: RequestProcessProposal): ResponseProcessProposal;
  finalizeBlock(request: RequestFinalizeBlock): ResponseFinalizeBlock;
  commit(): ResponseCommit;
  query(request: RequestQuery): Promise<ResponseQuery>;
  listSnapshots(): ResponseListSnapshots;
  offerSnapshot(request: RequestOfferSnapshot): ResponseOfferSnapshot;
  loadSnapshotChunk(request: RequestLoadSnapshotChunk): ResponseLoadSnapshotChunk;
  applySnapshotChunk(request: RequestApplySnapshotChunk): ResponseApplySnapshotChunk;
}

async function answer(app: AbciApplication, request: Request): Promise<Partial<Response>> {
  if (request.echo) return { echo: { message: request.echo.message } };
  if (request.flush) return { flush: {} };
  if (request.info) return { info: app.info() };
  if (request.checkTx) return { checkTx: app.checkTx(request.checkTx) };
  if (request.query) return { query: await app.query(request.query) };
  if (request.prepareProposal) return { prepareProposal: app.prepareProposal(request.prepareProposal) };
  if (request.processProposal) return { processProposal: app.processProposal(request.processProposal) };
  if (request.finalizeBlock) return { finalizeBlock: app.finalizeBlock(request.finalizeBlock) };
  if (request.commit) return { commit: app.commit() };
  if (request.initChain) return { initChain: app.initChain(request.initChain) };
  if (request.listSnapshots) return { listSnapshots: app.listSnapshots() };
  if (request.offerSnapshot) return { offerSnapshot: app.offerSnapshot(request.offerSnapshot) };
  if (request.loadSnapshotChunk) return { loadSnapshotChunk: app.loadSnapshotChunk(request.loadSnapshotChunk) };
  if (request.applySnapshotChunk) return { applySnapshotChunk: app.applySnapshotChunk(request.applySnapshotChunk) };
  throw new Error('a request that this application does not serve');
}

/**
 * Serves an application to a CometBFT node on this machine: `unix://PATH` or `tcp://HOST:PORT`. Requests of all four
 * connections are answered one after another. When the application throws, the engine is told and `onFault` ends the process:
 * a node that cannot go on rightly stops.
 */
export function serveAbci(app: AbciApplication, address: string, onFault: (error: unknown) => void): Promise<Server> {
  const server = createServer((socket) => connect(app, socket, onFault));
  return new Promise((done, fail) => {
    server.once('error', fail);
    const path = /^unix:\/\/(.+)$/.exec(address)?.[1];
    const [, host, port] = /^tcp:\/\/([^:]+):(\d+)$/.exec(address) ?? [];
    if (path !== undefined) {
      rmSync(path, { force: true });
      server.listen(path, () => done(server));
    } else if (host !== undefined) server.listen(Number(port), host, () => done(server));
    else fail(new Error(`${address}: give unix://PATH or tcp://HOST:PORT`));
  });
}

function connect(app: AbciApplication, socket: Socket, onFault: (error: unknown) => void): void {
  socket.setNoDelay(true);
  const waiting: Uint8Array[] = [];
  let busy = false;
  const reply = (response: Partial<Response>) =>
    socket.write(frame(Response.encode(Response.fromPartial(response)).finish()));
  const fail = (error: unknown) => {
    reply({ exception: { error: error instanceof Error ? error.message : String(error) } });
    socket.end();
    onFault(error);
  };
  // Answers go out in the order of the requests; what waits together is sent together.
  const work = async () => {
    busy = true;
    socket.cork();
    for (let bytes = waiting.shift(); bytes; bytes = waiting.shift()) reply(await answer(app, Request.decode(bytes)));
    socket.uncork();
    busy = false;
  };
  const read = frameReader((bytes) => waiting.push(bytes));
  socket.on('data', (piece) => {
    try {
      read(piece);
    } catch (error) {
      fail(error);
      return;
    }
    if (!busy) work().catch(fail);
  });
  socket.on('error', () => socket.destroy());
}
