import { openLabel, stageOf, type LedgerAct, type ledgerRoutes, type QueryOf, type ReplyOf } from '@geneward/api';
import {
  commit,
  equal,
  formatCoseReceipt,
  formatReceipt,
  parseActEntry,
  proveConsistency,
  proveInclusion,
  rootAt,
  sealStatement,
  signedStatement,
  verifyInclusion,
  type ActEntry,
  type Anchor,
  type Opening,
  type Receipt,
  type TreeHead,
} from '@geneward/merkle';
import type { BlobStore } from '../../../platform/blobs.ts';
import type { Config } from '../../../platform/config.ts';
import type { Context } from '../../../platform/context.ts';
import type { Db } from '../../../platform/db.ts';
import { Problem } from '../../../platform/problem.ts';
import { authorize } from '../../access/index.ts';
import { hasher, sha256 } from '../append.ts';
import { ownKey, type LogKey } from '../key.ts';
import { levelsOf } from '../levels.ts';
import type { LedgerPorts, Traced } from '../ports.ts';
import { openHead } from '../recognise.ts';
import { isOpen } from '../rules.ts';
import { anchorOver } from '../store-chain.ts';
import * as store from '../store.ts';
import { nodesOf } from '../tiles.ts';

/** Acts shown of one object at most. */
const lifeLimit = 2000;

/** The acts in the life of an object, as far as the caller may see them. */
export async function lifeOf(
  context: Context,
  ports: LedgerPorts,
  name: string,
): Promise<ReplyOf<typeof ledgerRoutes.objectLife>> {
  const traced = await ports.trace(context, name);
  const rows = await store.entriesAbout(context.db, traced.subjects, lifeLimit + 1);
  const levelOf = await levelsOf(context.db);
  const items = rows
    .slice(0, lifeLimit)
    .filter(({ type }) => traced.whole || isOpen(type))
    .map((row): LedgerAct => ({
      index: row.index,
      at: row.at.toISOString(),
      type: row.type,
      stage: stageOf(row.type, row.type === 'object.accessioned' ? { type: traced.type } : {}) ?? 'governance',
      about: { kind: row.object_kind ?? '', id: row.object_id ?? '' },
      level: levelOf(BigInt(row.index)),
      erased: row.statement === null,
    }));
  const { object, accession, type } = traced;
  return { object, type, items, truncated: rows.length > lifeLimit, ...(accession !== undefined && { accession }) };
}

type ReceiptForm = QueryOf<typeof ledgerRoutes.entryReceipt>['format'];

/** A receipt to send. */
export interface ReceiptFile {
  readonly name: string;
  readonly type: string;
  readonly body: string | Buffer;
}

/** What receipts are made from. */
export interface ReceiptParts {
  readonly blobs: BlobStore;
  readonly config: Config;
}

/** The receipt of one act in the life of an object that the caller may read. */
export async function objectReceipt(
  context: Context,
  parts: ReceiptParts,
  ports: LedgerPorts,
  given: { object: string; index: bigint; format: ReceiptForm },
): Promise<ReceiptFile> {
  const traced = await ports.trace(context, given.object);
  const row = await store.findEntry(context.db, given.index);
  if (!row || !belongs(row, traced)) throw new Problem('not_found');
  return fileOf(given.format, await prove(context.db, parts, row));
}

function belongs(row: store.EntryRow, { subjects, whole }: Traced): boolean {
  return (
    subjects.some(({ kind, id }) => kind === row.object_kind && id === row.object_id) && (whole || isOpen(row.type))
  );
}

/** The receipt of any act, for those who may read the audit trail. */
export async function entryReceipt(
  context: Context,
  parts: ReceiptParts,
  { index, format }: { index: bigint; format: ReceiptForm },
): Promise<ReceiptFile> {
  authorize(context, 'audit:read', { kind: 'audit', id: 'audit', label: openLabel });
  const row = await store.findEntry(context.db, index);
  if (!row) throw new Problem('not_found');
  return fileOf(format, await prove(context.db, parts, row));
}

/** A receipt as text, under the best checkpoint there is. */
export const receiptOf = async (db: Db, parts: ReceiptParts, row: store.EntryRow): Promise<string> =>
  formatReceipt((await prove(db, parts, row)).receipt);

/** A receipt, the head that it leads to, and the key of the log. */
interface Proven {
  readonly receipt: Receipt;
  readonly head: TreeHead;
  readonly key: LogKey;
}

const fileOf = (format: ReceiptForm, { receipt, head, key }: Proven): ReceiptFile => {
  const name = `act-${receipt.index}`;
  return format === 'cose'
    ? { name: `${name}.cose`, type: 'application/cose', body: Buffer.from(formatCoseReceipt(receipt, head, key)) }
    : { name: `${name}.tlog-proof`, type: 'text/plain; charset=utf-8', body: formatReceipt(receipt) };
};

/**
 * Where an entry stands under the best checkpoint there is. The statement is signed here, when it is shown, and only if the
 * tree that the log has signed commits to it: what somebody wrote into the database is not.
 */
async function prove(db: Db, { blobs, config }: ReceiptParts, row: store.EntryRow): Promise<Proven> {
  const index = BigInt(row.index);
  const checkpoint = await store.checkpointOver(db, index);
  if (!checkpoint) throw new Problem('receipt_not_ready', { retryAfter: 3 });
  const size = BigInt(checkpoint.size);
  const hashes = await proveInclusion(hasher, index, size, nodesOf(blobs, size));
  const key = await ownKey(db, config);
  const root = openHead(checkpoint.note, key)?.root;
  if (!root || !verifyInclusion(hasher, { leaf: hasher.leaf(row.entry), index, size, root }, hashes))
    throw new Problem('entry_altered', { place: { index: row.index } });
  const entry = parseActEntry(row.entry);
  const opening = openingOf(row, entry, key);
  const anchor = await anchorOf(db, blobs, index, size);
  const receipt = {
    entry,
    index,
    hashes,
    checkpoint: checkpoint.note,
    ...(opening && { opening }),
    ...(anchor && { anchor }),
  };
  return { receipt, head: { size, root }, key };
}

/** Where a head over the entry was laid down outside, with the way between it and the head of `size` entries. */
async function anchorOf(db: Db, blobs: BlobStore, index: bigint, size: bigint): Promise<Anchor | undefined> {
  const row = await anchorOver(db, index);
  if (!row) return undefined;
  const anchored = BigInt(row.size);
  const [small, large] = anchored <= size ? [anchored, size] : [size, anchored];
  const nodes = nodesOf(blobs, large);
  return {
    chainId: BigInt(row.chain_id),
    contract: row.contract.toLowerCase(),
    transaction: row.transaction,
    block: BigInt(row.block),
    size: anchored,
    root: await rootAt(hasher, anchored, nodes),
    proof: await proveConsistency(hasher, small, large, nodes),
  };
}

function openingOf({ index, salt, statement }: store.EntryRow, entry: ActEntry, key: LogKey): Opening | undefined {
  if (!salt || !statement) return undefined;
  const first = entry.act === undefined;
  if (!equal(commit(sha256, salt, first ? statement : signedStatement(statement)), entry.commitment))
    throw new Problem('entry_altered', { place: { index } });
  return { salt, envelope: first ? statement : sealStatement(statement, { keyid: key.name, sign: key.signBytes }) };
}
