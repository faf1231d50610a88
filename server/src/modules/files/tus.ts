import { Problem } from '../../platform/problem.ts';

/** Version of the protocol, and what of its extensions there is (https://tus.io/protocols/resumable-upload). */
export const tusVersion = '1.0.0';
export const tusExtensions =
  'creation,creation-defer-length,creation-with-upload,expiration,checksum,termination,concatenation';
export const tusAlgorithms = ['sha1', 'sha256', 'md5', 'blake3'] as const;
export type TusAlgorithm = (typeof tusAlgorithms)[number];

const most = 4096;
const malformed = (header: string, expected: string) => new Problem('upload_header', { params: { header, expected } });

type Header = string | string[] | undefined;
const one = (value: Header): string | undefined => (Array.isArray(value) ? value.join(',') : value)?.trim();

/** Throws Problem `tus_version` unless the request speaks our version. */
export function checkVersion(header: Header): void {
  if (one(header) !== tusVersion) throw new Problem('tus_version');
}

/** A count of bytes from a header. Throws Problem `upload_header`. */
export function readCount(name: string, header: Header): number {
  const text = one(header) ?? '';
  const count = Number(text);
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(count)) throw malformed(name, 'a number of bytes');
  return count;
}

/** The length of an upload, or that it is told later. Throws Problem `upload_header`. */
export function readLength(length: Header, deferred: Header): number | undefined {
  if (deferred === undefined) return readCount('Upload-Length', length);
  if (one(deferred) !== '1' || length !== undefined)
    throw malformed('Upload-Defer-Length', '1, and no Upload-Length beside it');
  return undefined;
}

/** `Upload-Metadata`: keys with values in Base64, separated by commas. Throws Problem `upload_header`. */
export function readMetadata(header: Header): ReadonlyMap<string, string> {
  const text = one(header) ?? '';
  const values = new Map<string, string>();
  if (text === '') return values;
  const refuse = () => malformed('Upload-Metadata', 'key base64(value), …');
  if (text.length > most) throw refuse();
  for (const pair of text.split(',')) {
    const [, key, value = ''] = /^\s*([^\s,]{1,100})(?: ([A-Za-z0-9+/]*={0,2}))?\s*$/.exec(pair) ?? [];
    if (key === undefined || values.has(key)) throw refuse();
    values.set(key, utf8(value, refuse));
  }
  return values;
}

function utf8(value: string, refuse: () => Problem): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'base64'));
  } catch {
    throw refuse();
  }
}

/** `Upload-Checksum`: an algorithm and a digest in Base64. Throws Problem `upload_header`, `upload_checksum_unknown`. */
export function readChecksum(header: Header): { algorithm: TusAlgorithm; digest: Buffer } | undefined {
  const text = one(header);
  if (text === undefined) return undefined;
  const [, name, digest] = /^(\S{1,20}) ([A-Za-z0-9+/]{4,88}={0,2})$/.exec(text) ?? [];
  if (name === undefined || digest === undefined) throw malformed('Upload-Checksum', 'algorithm base64(digest)');
  const algorithm = tusAlgorithms.find((known) => known === name);
  if (!algorithm) throw new Problem('upload_checksum_unknown', { params: { algorithm: name } });
  return { algorithm, digest: Buffer.from(digest, 'base64') };
}

const uploadAddress = /^(?:https?:\/\/[^/\s]+)?\/api\/v1\/uploads\/([0-9a-f-]{36})$/;
/** Parts that one upload is joined from. */
const mostParts = 1000;

/** `Upload-Concat`: a part, or the parts that make a whole, by id. Throws Problem `upload_header`. */
export function readConcat(header: Header): 'partial' | readonly string[] | undefined {
  const text = one(header);
  if (text === undefined || text === 'partial') return text;
  const [, list] = /^final;\s*(\S.*)$/.exec(text) ?? [];
  const ids = list?.split(/\s+/).map((address) => uploadAddress.exec(address)?.[1]);
  const known = ids?.filter((id) => id !== undefined);
  if (!ids || !known || known.length !== ids.length || ids.length > mostParts || new Set(ids).size !== ids.length)
    throw malformed('Upload-Concat', 'partial, or final; and the addresses of up to 1000 parts');
  return known;
}
