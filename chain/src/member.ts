import {
  freeNonces,
  refusals,
  signTransaction,
  type Act,
  type ChainClient,
  type RefusalCode,
  type Submitted,
} from '@geneward/chain';
import {
  parseCheckpointText,
  parseNote,
  proveConsistency,
  rootAt,
  tileNodes,
  tilePath,
  treeHasher,
} from '@geneward/merkle';

/** Who sends: an institution as a member of a chain. */
export interface Sender {
  readonly chainId: string;
  readonly member: string;
  readonly seed: Uint8Array;
}

/** What became of an act: the height of its block, or why it was refused. */
export type Sent = { readonly height: bigint } | { readonly code: RefusalCode | 'unknown'; readonly message: string };

/** Looks until an act is given up: a pool may drop it. At 200 ms between them, a minute. */
const looks = 300;

/** Signs an act, hands it to a node and waits until it is in a block. @param rest between two looks */
export async function sendAct(
  client: ChainClient,
  { chainId, member, seed }: Sender,
  act: Act,
  rest: () => Promise<void>,
): Promise<Sent> {
  const known = await client.member(member);
  if (!known) return refused('unknown_member');
  let answer: Submitted = { pending: false, code: 'nonce_used', message: refusals.nonce_used.en };
  for (const nonce of freeNonces(known)) {
    answer = await client.submit(signTransaction({ chainId, member, nonce, act }, seed));
    // Another of this member's acts may wait under that number.
    if (answer.pending || answer.code !== 'nonce_used') break;
  }
  if (!answer.pending) return { code: answer.code, message: answer.message };
  for (let look = 0; look < looks; look += 1) {
    const ordered = await client.ordered(answer.hash);
    if (ordered) return ordered.code === undefined ? { height: ordered.height } : refused(ordered.code);
    await rest();
  }
  return {
    code: 'unknown',
    message: `not yet in a block: ${answer.hash}; sent again it does no harm 尚未进入区块：${answer.hash}；可重新发送`,
  };
}

const refused = (code: RefusalCode | 'unknown'): Sent => ({
  code,
  message: code === 'unknown' ? code : `${refusals[code].en} ${refusals[code].zh}`,
});

const hasher = treeHasher();

/**
 * The report that freezes a log: two checkpoints that it signed and that contradict one another. Of different sizes, the proof
 * comes from the log's own tiles at the larger one, which may lie at any copy of it.
 * @param fetch file of the log below its prefix; asked only where sizes differ
 */
export async function equivocation(
  notes: readonly [string, string],
  fetch: (path: string) => Promise<Uint8Array>,
): Promise<Extract<Act, { type: 'ReportEquivocation' }>> {
  const heads = notes.map((note) => ({ note, ...parseCheckpointText(parseNote(note).text) }));
  const [first, second] = heads.toSorted((a, b) => (a.size < b.size ? -1 : a.size > b.size ? 1 : 0));
  if (!first || !second) throw new Error('two checkpoints are wanted');
  const act = { type: 'ReportEquivocation', first: first.note, second: second.note } as const;
  if (first.size === second.size) return { ...act, prefixRoot: new Uint8Array(0), proof: [] };
  const nodes = tileNodes(hasher, second.size, (tile) => fetch(tilePath(tile)));
  return {
    ...act,
    prefixRoot: await rootAt(hasher, first.size, nodes),
    proof: await proveConsistency(hasher, first.size, second.size, nodes),
  };
}
