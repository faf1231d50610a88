import { mapGet, proveRecord, reader, writer } from '@geneward/chain';
import { proveInclusion, treeHasher } from '@geneward/merkle';
import { ResponseQuery, type RequestQuery } from 'cosmjs-types/tendermint/abci/types';
import type { Cosigner } from './cosign.ts';
import type { LogNodes } from './log-nodes.ts';
import type { Committed } from './store.ts';

const hasher = treeHasher();

/**
 * Answers about the last committed state:
 * - `/record`, data = key of a record: its bytes, and on `prove` the way to the app hash of the next header;
 * - `/log`, data = index of a transaction (8 bytes): its leaf hash, and its inclusion proof in the chain's own log;
 * - `/cosignature` and `/cosignature/SIZE`, data = origin of a log: the checkpoint as a note with this validator's line.
 */
export async function answerQuery(
  { path, data, prove }: RequestQuery,
  { state, height }: Committed,
  nodes: LogNodes,
  cosigner: Cosigner | undefined,
): Promise<ResponseQuery> {
  const fail = (log: string) => ResponseQuery.fromPartial({ code: 1, codespace: 'geneward', log, height });
  if (path === '/record') {
    const value = mapGet(state.map, data) ?? new Uint8Array(0);
    const proofOps = prove
      ? { ops: [{ type: 'geneward:record', key: data, data: proveRecord(state, data) }] }
      : undefined;
    return ResponseQuery.fromPartial({ key: data, value, height, ...(proofOps && { proofOps }) });
  }
  if (path === '/log') {
    if (data.length !== 8) return fail('an index has 8 bytes');
    const index = reader(data).u64();
    if (index >= state.size) return fail('no such transaction');
    const [leaf] = await nodes.read([{ level: 0, index }]);
    const proof = await proveInclusion(hasher, index, state.size, nodes.read);
    const to = writer().u64(state.size);
    to.list(proof, (hash) => to.raw(hash));
    const proofOps = { ops: [{ type: 'geneward:log', key: data, data: to.done() }] };
    return ResponseQuery.fromPartial({ key: data, value: leaf ?? new Uint8Array(0), height, proofOps });
  }
  const [, size] = /^\/cosignature(?:\/(\d{1,19}))?$/.exec(path) ?? [];
  if (path.startsWith('/cosignature')) {
    const origin = new TextDecoder().decode(data);
    const note = cosigner?.note(state, origin, size === undefined ? undefined : BigInt(size));
    return note === undefined
      ? fail('no such checkpoint, or this node does not cosign')
      : ResponseQuery.fromPartial({ key: data, value: new TextEncoder().encode(note), height });
  }
  return fail('no such path');
}
