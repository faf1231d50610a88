import type { DirectView, UploadView } from '@geneward/api';
import { record } from '../../../platform/audit.ts';
import type { Direct } from '../../../platform/blobs.ts';
import type { Context, Principal } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { depositKey, depositProblem, readHead } from '../deposit.ts';
import type { FilesPorts } from '../ports.ts';
import * as store from '../resumable-store.ts';
import { beginResumable, finishResumable, found, keyOf, refuseWrong, uploadViewOf, type Begin } from './resumable.ts';
import { newKey } from './upload.ts';

const mib = 1024 * 1024;
/** What S3 asks for: at least 5 MiB a part but for the last, 10,000 parts at most. */
const smallest = 8 * mib;
const mostParts = 10_000;
/** How long an address is good: a part of the largest size over a slow line. */
const goodSeconds = 3600;
/** A Crypt4GH header of a file for this archive. */
const headRoom = 64 * 1024;

const directOf = ({ blobs }: Pick<Parts, 'blobs'>): Direct => {
  const direct = blobs.directFor('files/');
  if (!direct) throw new Problem('direct_unavailable');
  return direct;
};

/** Opens a place for a file that its sender brings straight to the store, encrypted for this archive. */
export async function beginDirect(
  context: Context,
  begin: Begin & { readonly length: number },
  parts: Parts,
): Promise<DirectView> {
  const direct = directOf(parts);
  await depositKey(parts);
  const row = await beginResumable(context, begin, parts);
  const piece = newKey();
  const partSize = Math.max(smallest, Math.ceil(begin.length / mostParts / mib) * mib);
  await store.makeDirect(context.db, row.id, { piece, id: await direct.begin(piece), partSize });
  return directParts(context, row.id, { from: 1, to: 100 }, parts);
}

/** Addresses for some parts, and which parts are there. */
export async function directParts(
  context: Context,
  id: string,
  wanted: { readonly from: number; readonly to: number },
  parts: Parts,
): Promise<DirectView> {
  const direct = directOf(parts);
  const row = await open(context, id);
  const { piece, directId, partSize, length } = row;
  const count = Math.ceil(length / partSize);
  const arrived = await direct.arrived(piece, directId);
  const items = [];
  for (let number = wanted.from; number <= Math.min(wanted.to, count); number += 1)
    items.push({
      number,
      start: (number - 1) * partSize,
      end: Math.min(length, number * partSize),
      address: await direct.address(piece, directId, number, goodSeconds),
    });
  return { upload: uploadViewOf(row.row), partSize, parts: count, items, arrived: arrived.map(({ number }) => number) };
}

/**
 * Says that all parts are there: they are joined in the store, and from there on the upload is like any other whose last byte has
 * come. What is not encrypted for this archive is deleted at once.
 */
export async function completeDirect(
  context: Context,
  id: string,
  parts: Parts,
  ports: Pick<FilesPorts, 'fileArrived'>,
  authenticate: () => Promise<Principal>,
): Promise<UploadView> {
  const before = await found(context.db, context, id);
  if (before.state === 'open' && before.received !== before.length) await takeOver(context, id, parts);
  const row = await found(context.db, context, id);
  return uploadViewOf(await finishResumable(context, row, parts, ports, authenticate));
}

async function takeOver(context: Context, id: string, parts: Parts): Promise<void> {
  const direct = directOf(parts);
  const { piece, directId, length } = await open(context, id);
  const arrived = (await direct.arrived(piece, directId).catch(() => [])).reduce((sum, { size }) => sum + size, 0);
  if (arrived > 0 && arrived !== length)
    throw new Problem('direct_incomplete', { params: { received: arrived, declared: length } });
  try {
    const size = await direct.complete(piece, directId);
    if (size !== BigInt(length))
      throw new Problem('encrypted_damaged', { params: { segment: Math.floor(Number(size) / 65_564) } });
    const key = await keyOf(context.db, id);
    const head = await headOf(direct, piece, size);
    await transaction(context.db, async (tx) => {
      if (!(await store.markArrived(tx, id, head))) throw new Problem('upload_over');
      await direct.take(tx, { key, piece, head, size });
      await record(tx, context, {
        type: 'files.direct_arrived',
        object: { kind: 'upload', id },
        content: { size: String(size) },
      });
    });
  } catch (error) {
    const problem = depositProblem(error);
    await refuseWrong(context, id, piece, problem, parts);
    throw problem;
  }
}

async function headOf(direct: Direct, piece: string, size: bigint): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const end = size < BigInt(headRoom) ? size : BigInt(headRoom);
  for await (const chunk of await direct.open(piece, { start: 0n, end })) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const told = readHead(bytes);
  if (typeof told === 'number') return bytes.subarray(0, told);
  throw new Problem('encrypted_refused', { params: { reason: told ?? 'header' } });
}

/** An upload of the caller's whose bytes go straight to the store. Throws Problem `not_found`, `upload_over`. */
async function open(context: Context, id: string) {
  const row = await found(context.db, context, id);
  const { direct_piece: piece, direct_id: directId, part_size: partSize, length } = row;
  if (!piece || !directId || !partSize || !length) throw new Problem('not_found');
  if (row.state !== 'open') throw new Problem('upload_over');
  return { row, piece, directId, partSize: Number(partSize), length: Number(length) };
}
