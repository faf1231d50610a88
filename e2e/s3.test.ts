import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3Blobs } from '../server/src/platform/storage/s3-blobs.ts';
import { holdsTheContract, replacesBytes } from '../server/src/platform/storage/store-contract.ts';
import { findGateway, startGateway, type Gateway } from './versitygw.ts';

const program = findGateway();
let gateway: Gateway | undefined;
beforeAll(async () => {
  if (program) gateway = await startGateway(program);
});
afterAll(() => gateway?.close());

const open = (bucket: string, secretKey = gateway?.account.secretKey ?? '') =>
  s3Blobs({
    bucket,
    region: gateway?.region ?? '',
    endpoint: gateway?.endpoint ?? '',
    accessKey: gateway?.account.accessKey ?? '',
    secretKey,
    silenceSeconds: 30,
  });

describe.runIf(program)('an S3-compatible store', () => {
  const store = { once: undefined as ReturnType<typeof open> | undefined };
  const shared = () => (store.once ??= open('objects'));
  holdsTheContract(shared);
  replacesBytes(shared);

  it('says that a bucket is not there, or that the secret is another', async () => {
    await expect(open('elsewhere').check()).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
    await expect(open('objects', 'wrong').check()).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    await expect(open('objects', 'wrong').open('files/aa/x')).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('says so when the store is killed in the middle of a write, and never takes half for the whole', async () => {
    const key = 'files/aa/killed';
    async function* half(): AsyncGenerator<Uint8Array> {
      yield randomBytes(9 * 1024 * 1024);
      gateway?.process.kill('SIGKILL');
      yield randomBytes(9 * 1024 * 1024);
    }
    await expect(open('objects').put(key, half())).rejects.toMatchObject({
      code: 'storage_unavailable',
      cause: { message: expect.stringMatching(/ECONN|EPIPE|socket/) as string },
    });
  });
});
