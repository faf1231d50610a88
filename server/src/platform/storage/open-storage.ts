import { join } from 'node:path';
import type { BlobStore, Storage } from '../blobs.ts';
import type { Config } from '../config.ts';
import type { Db } from '../db.ts';
import { directoryBlobs } from '../directory-blobs.ts';
import type { KeyService } from '../keys/key-service.ts';
import { openKeys } from '../keys/open-keys.ts';
import type { Log } from '../log.ts';
import { placementOf } from './placement.ts';
import { s3Blobs } from './s3-blobs.ts';
import { sealedStorage } from './sealed-storage.ts';

/** Opens the keys and stores that the configuration names. */
export function openStorage(
  config: Config,
  parts: { db: Db; log: Log; now: () => Date },
): { keys: KeyService; blobs: Storage } {
  const keys = openKeys(config, parts.now);
  const stores = openStores(config);
  const placement = placementOf(config.storage.placement, new Set(stores.keys()), config.storage.copiesNeeded);
  return { keys, blobs: sealedStorage({ ...parts, keys, stores, placement }) };
}

function openStores({ data, storage }: Config): ReadonlyMap<string, BlobStore> {
  const stores = new Map<string, BlobStore>([['main', directoryBlobs(join(data, 'blobs'))]]);
  const { mirror, s3Bucket: bucket, s3Endpoint: endpoint, s3Region: region, s3AccessKey, s3SecretKey } = storage;
  if (mirror) stores.set('mirror', directoryBlobs(mirror));
  if (bucket)
    stores.set(
      's3',
      s3Blobs({
        bucket,
        region,
        silenceSeconds: storage.s3SilenceSeconds,
        ...(endpoint && { endpoint }),
        ...(storage.s3Senders && { senders: storage.s3Senders }),
        ...(s3AccessKey && s3SecretKey && { accessKey: s3AccessKey, secretKey: s3SecretKey }),
      }),
    );
  return stores;
}
