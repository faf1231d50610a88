import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { Readable } from 'node:stream';
import type { BlobStore, DirectParts } from '../blobs.ts';
import { sqlState } from '../db.ts';
import { Problem } from '../problem.ts';

export interface S3Options {
  readonly bucket: string;
  readonly region: string;
  readonly endpoint?: string;
  readonly accessKey?: string;
  readonly secretKey?: string;
  /** A connection on which nothing moves for so long is given up. */
  readonly silenceSeconds: number;
  /** Set when senders may write to the bucket themselves: the address at which they reach it. */
  readonly senders?: string;
}

const mib = 1024 * 1024;
/** Whoever asks whether the store is there waits no longer. */
const checkMilliseconds = 5000;

/** S3 takes 10,000 parts of an object: they grow, so that a short upload holds little memory and a long one still fits (1.2 TB). */
const sizeOfPart = (number: number): number => (number <= 2000 ? 8 : number <= 6000 ? 64 : 256) * mib;

/** Blobs as objects of an S3-compatible store, written in parts. A key holds nothing until its last part has come. */
export function s3Blobs(options: S3Options): BlobStore {
  const { bucket, senders } = options;
  const client = clientFor(options);
  const at = (key: string) => ({ Bucket: bucket, Key: key });
  const size = async (key: string): Promise<bigint | undefined> => {
    try {
      return BigInt((await client.send(new HeadObjectCommand(at(key)))).ContentLength ?? 0);
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw toldOf(error);
    }
  };
  return {
    async put(key, bytes, { signal } = {}) {
      try {
        return await putInParts(client, at(key), bytes, signal);
      } catch (error) {
        throw toldOf(error);
      }
    },
    async open(key, range) {
      if (range && range.end <= range.start) {
        if ((await size(key)) === undefined) throw new Problem('not_found');
        return Readable.from([]);
      }
      try {
        const { Body } = await client.send(
          new GetObjectCommand({ ...at(key), ...(range && { Range: `bytes=${range.start}-${range.end - 1n}` }) }),
        );
        return told(Body as Readable);
      } catch (error) {
        if (isAbsent(error)) throw new Problem('not_found');
        throw toldOf(error);
      }
    },
    size,
    async delete(key) {
      await answered(() => client.send(new DeleteObjectCommand(at(key))));
    },
    async *list(folder) {
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: `${folder}/` }))
        for (const { Key, LastModified } of page.Contents ?? [])
          if (Key !== undefined && LastModified) yield { key: Key, at: LastModified };
    },
    async discardUnfinished(before, named) {
      let count = 0;
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
      for (const { Key, UploadId, Initiated } of Uploads) {
        if (Key === undefined || !Initiated || Initiated >= before || (await named?.(Key))) continue;
        await client.send(new AbortMultipartUploadCommand({ ...at(Key), UploadId }));
        count += 1;
      }
      return count;
    },
    async check() {
      const abortSignal = AbortSignal.timeout(checkMilliseconds);
      await answered(() => client.send(new HeadBucketCommand({ Bucket: bucket }), { abortSignal }));
    },
    ...(senders && { direct: directParts(client, clientFor({ ...options, endpoint: senders }), bucket, size) }),
  };
}

function clientFor({ region, endpoint, accessKey, secretKey, silenceSeconds }: Omit<S3Options, 'bucket'>): S3Client {
  return new S3Client({
    region,
    maxAttempts: 3,
    // Addresses are signed for whoever uses them: they must not ask for a checksum of ours.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    // Every segment has a seal of its own, which tells more than a sum over the whole and says which it was.
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(endpoint && { endpoint, forcePathStyle: true }),
    ...(accessKey && secretKey && { credentials: { accessKeyId: accessKey, secretAccessKey: secretKey } }),
    // A limit of the whole request would end a large part on a slow line: what counts is that something moves.
    requestHandler: { connectionTimeout: 10_000, socketTimeout: silenceSeconds * 1000 },
  });
}

/** Parts that senders bring themselves. `signer` knows the store by the address at which they reach it. */
function directParts(
  client: S3Client,
  signer: S3Client,
  bucket: string,
  sizeOf: (key: string) => Promise<bigint | undefined>,
): DirectParts {
  const at = (key: string) => ({ Bucket: bucket, Key: key });
  const parts = async (key: string, UploadId: string) => {
    const found: { PartNumber: number; ETag: string | undefined; size: number }[] = [];
    // Some stores name a next page where there is none: what counts is whether the list was cut.
    for (let PartNumberMarker: string | undefined; ;) {
      const page = await client.send(new ListPartsCommand({ ...at(key), UploadId, PartNumberMarker }));
      for (const { PartNumber, ETag, Size } of page.Parts ?? [])
        if (PartNumber !== undefined) found.push({ PartNumber, ETag, size: Size ?? 0 });
      PartNumberMarker = page.NextPartNumberMarker;
      if (!page.IsTruncated || PartNumberMarker === undefined) break;
    }
    return found;
  };
  return {
    async begin(key) {
      const { UploadId } = await client.send(new CreateMultipartUploadCommand(at(key)));
      if (UploadId === undefined) throw new Error('the store began no upload');
      return UploadId;
    },
    address: (key, UploadId, PartNumber, expiresIn) =>
      getSignedUrl(signer, new UploadPartCommand({ ...at(key), UploadId, PartNumber }), { expiresIn }),
    arrived: async (key, id) => (await parts(key, id)).map(({ PartNumber, size }) => ({ number: PartNumber, size })),
    async complete(key, UploadId) {
      const before = await sizeOf(key);
      if (before !== undefined) return before;
      const Parts = (await parts(key, UploadId)).map(({ PartNumber, ETag }) => ({ PartNumber, ETag }));
      await client.send(new CompleteMultipartUploadCommand({ ...at(key), UploadId, MultipartUpload: { Parts } }));
      return (await sizeOf(key)) ?? 0n;
    },
    async abandon(key, UploadId) {
      await client.send(new AbortMultipartUploadCommand({ ...at(key), UploadId })).catch((error: unknown) => {
        if (!isAbsent(error)) throw error;
      });
    },
  };
}

type Place = { Bucket: string; Key: string };

/** One request for a short object; for a longer one a multipart upload, which is given up when anything fails. */
async function putInParts(
  client: S3Client,
  at: Place,
  bytes: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<{ size: bigint }> {
  const parts = inParts(bytes);
  const first = await parts.next();
  const body = first.done ? new Uint8Array(0) : first.value;
  if (body.length < sizeOfPart(1)) {
    await client.send(new PutObjectCommand({ ...at, Body: body }));
    return { size: BigInt(body.length) };
  }
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(at));
  try {
    const done: { PartNumber: number; ETag: string | undefined }[] = [];
    let size = 0n;
    const send = async (Body: Uint8Array) => {
      signal?.throwIfAborted();
      const PartNumber = done.length + 1;
      const { ETag } = await client.send(new UploadPartCommand({ ...at, UploadId, PartNumber, Body }));
      done.push({ PartNumber, ETag });
      size += BigInt(Body.length);
    };
    await send(body);
    for await (const part of parts) await send(part);
    await client.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts: done } }));
    return { size };
  } catch (error) {
    await client.send(new AbortMultipartUploadCommand({ ...at, UploadId })).catch(() => undefined);
    throw error;
  }
}

async function* inParts(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let gathered: Uint8Array[] = [];
  let size = 0;
  let number = 1;
  for await (const chunk of bytes) {
    for (let rest = chunk; rest.length > 0;) {
      const taken = rest.subarray(0, sizeOfPart(number) - size);
      // A copy: the memory of a chunk is used again long before a part is full.
      gathered.push(taken.slice());
      size += taken.length;
      rest = rest.subarray(taken.length);
      if (size < sizeOfPart(number)) continue;
      yield Buffer.concat(gathered, size);
      gathered = [];
      size = 0;
      number += 1;
    }
  }
  if (size > 0) yield Buffer.concat(gathered, size);
}

const isAbsent = (error: unknown): boolean =>
  error instanceof S3ServiceException && (error.$metadata.httpStatusCode === 404 || error.name === 'NoSuchKey');
const isFull = (error: unknown): boolean =>
  error instanceof S3ServiceException &&
  ['QuotaExceeded', 'InsufficientStorage', 'XMinioStorageFull'].includes(error.name);
/** Of a store that does not answer, or only that it cannot: the same request may succeed later. */
const isAway = (error: unknown): boolean => {
  if (error instanceof S3ServiceException)
    return (error.$metadata.httpStatusCode ?? 0) >= 500 || error.name === 'SlowDown';
  if (!(error instanceof Error)) return false;
  return ['TimeoutError', 'AbortError'].includes(error.name) || lostLine.has(sqlState(error));
};
const lostLine = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** What a caller can act on: that there is no room, or that the store is away. */
function toldOf(error: unknown): unknown {
  if (isFull(error)) return new Problem('storage_full', { cause: error });
  return isAway(error) ? new Problem('storage_unavailable', { retryAfter: 5, cause: error }) : error;
}

async function answered<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toldOf(error);
  }
}

function told(body: Readable): AsyncGenerator<Uint8Array> {
  // Somebody may have opened it and never read: its end must not end the process.
  body.on('error', () => undefined);
  return read(body);
}

async function* read(body: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* body as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw toldOf(error);
  }
}
