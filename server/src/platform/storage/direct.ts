import type { Direct } from '../blobs.ts';
import { keyNumber, readKeyHeader } from '../keys/header.ts';
import { adopt } from './deposit-keys.ts';
import * as pieces from './pieces.ts';
import { beginObject } from './registry.ts';
import { bodyOf, storeOf, type StorageParts } from './stores.ts';

/** The first store of a placement that senders may write to themselves. */
export function directFor(parts: StorageParts, folder: string): Direct | undefined {
  const name = parts.placement.storesOf(folder).find((store) => parts.stores.get(store)?.direct);
  const direct = name === undefined ? undefined : parts.stores.get(name)?.direct;
  if (name === undefined || !direct) return undefined;
  return {
    begin: (key) => direct.begin(bodyOf(key)),
    address: (key, id, number, seconds) => direct.address(bodyOf(key), id, number, seconds),
    arrived: (key, id) => direct.arrived(bodyOf(key), id),
    complete: (key, id) => direct.complete(bodyOf(key), id),
    abandon: (key, id) => direct.abandon(bodyOf(key), id),
    open: (key, range) => storeOf(parts, name).open(bodyOf(key), range),
    async take(tx, { key, piece, head, size }) {
      const { header } = await adopt({ ...parts, db: tx }, head);
      const read = readKeyHeader(header);
      await beginObject(tx, { key, suite: read.suite, version: keyNumber(read), header, at: parts.now() });
      const skip = BigInt(head.length);
      await pieces.add(tx, key, { piece, start: 0n, size: size - skip, skip, stores: [name] });
    },
  };
}
