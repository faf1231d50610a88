import type { DataReason, FileState, Resource, Role, Scope } from '@geneward/api';
import { unsafeFileName, type Text, type UnsafeName } from '@geneward/metadata';

const faults: Readonly<Record<UnsafeName, Text>> = {
  empty: { en: 'it is empty', zh: '名称为空' },
  folder: { en: 'it holds a path', zh: '包含路径' },
  control: { en: 'it holds an invisible character', zh: '包含不可见字符' },
  reserved: { en: 'it holds one of < > : " | ? *', zh: '包含 < > : " | ? * 之一' },
  edge: { en: 'it begins or ends with a dot, a hyphen or a blank', zh: '以点、连字符或空格开头或结尾' },
  device: { en: 'Windows takes it for a device', zh: '与 Windows 设备名冲突' },
  long: { en: 'it is longer than 255 bytes', zh: '超过 255 字节' },
};

/** Why a file name cannot be used, or undefined for one that can: the same rule that judges names in sheets. */
export function nameFault(name: string): Text | undefined {
  const fault = unsafeFileName(name);
  return fault && faults[fault];
}

/** What is kept of a file as far as its state goes. */
export interface Standing {
  readonly state: Extract<FileState, 'receiving' | 'checking' | 'stored' | 'faulty' | 'expired'>;
  readonly claimed: boolean;
  /** Whether the bytes are gone although the row names them. */
  readonly lost: boolean;
}

/** The state that a reader is shown. */
export function shownState({ state, claimed, lost }: Standing): FileState {
  if (lost) return 'missing';
  return claimed && state === 'stored' ? 'claimed' : state;
}

/** What a sheet says of a file. */
export interface Declared {
  readonly md5?: string | undefined;
  readonly sha256?: string | undefined;
}

/** The state of a file as a sheet sees it: `missing` while nothing of its name came, `mismatch` when other bytes came. */
export function stateAgainst(
  declared: Declared,
  file: { state: FileState; md5?: string | undefined; sha256?: string | undefined } | undefined,
): FileState {
  if (!file || file.state === 'expired') return 'missing';
  if (file.sha256 === undefined) return file.state;
  const differs = (said: string | undefined, is: string | undefined) => said !== undefined && said.toLowerCase() !== is;
  return differs(declared.md5, file.md5) || differs(declared.sha256, file.sha256) ? 'mismatch' : file.state;
}

/** A byte range of a file, end exclusive. */
export interface Range {
  readonly start: bigint;
  readonly end: bigint;
}

/**
 * Reads a `Range` header (RFC 9110 section 14.2). One range of bytes is served; several at once, other units and what does not
 * parse are ignored, as the RFC allows: the whole file answers.
 * @returns the range, `whole`, or `unsatisfiable` when it begins behind the end
 */
export function rangeOf(header: string | undefined, size: bigint): Range | 'whole' | 'unsatisfiable' {
  const match = /^bytes=(?:(\d{1,19})-(\d{1,19})?|-(\d{1,19}))$/.exec(header?.trim() ?? '');
  if (!match) return 'whole';
  const [, first, last, suffix] = match;
  if (suffix !== undefined) {
    const length = BigInt(suffix);
    if (length === 0n) return 'unsatisfiable';
    return { start: length > size ? 0n : size - length, end: size };
  }
  const start = BigInt(first ?? '0');
  const end = last === undefined ? size : BigInt(last) + 1n;
  if (last !== undefined && end <= start) return 'whole';
  if (start >= size) return 'unsatisfiable';
  return { start, end: end > size ? size : end };
}

/** `Content-Disposition` for any name (RFC 6266, RFC 8187): an ASCII fallback and the exact name in UTF-8. */
export function disposition(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
  const exact = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}

/** `Repr-Digest` of RFC 9530 from a SHA-256 in hexadecimal: holds for the whole file, whichever range is sent. */
export function digestField(sha256: string): string {
  return `sha-256=:${btoa(String.fromCharCode(...(sha256.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16))))}:`;
}

/** When an upload goes that nothing has claimed since `from`. */
export function expiry(from: Date, unclaimedDays: number): Date {
  return new Date(from.getTime() + unclaimedDays * 86_400_000);
}

/** What an installation allows under one right to download; 0 sets no limit. */
export interface DownloadLimits {
  readonly requestsPerMinute: number;
  readonly bytesPerMinute: number;
  readonly copies: number;
}

/** Share that may be sent beyond whole copies, for ranges that a reader had to ask for again. */
const repeats = 1.1;

/** Which limit a range would go beyond, as the refusal tells it. @param used what was used before */
export function overLimit(
  { requestsPerMinute, bytesPerMinute, copies }: DownloadLimits,
  used: { requests: number; bytes: number; until: Date; taken: number; size: number; now: Date },
) {
  if (copies > 0 && used.taken >= copies * used.size * repeats)
    return { code: 'download_used_up', params: { copies } } as const;
  const seconds = Math.max(1, Math.ceil((used.until.getTime() - used.now.getTime()) / 1000));
  const wait = (limit: number, unit: string) =>
    ({ code: 'download_rate', params: { limit, unit, seconds }, retryAfter: seconds }) as const;
  if (requestsPerMinute > 0 && used.requests >= requestsPerMinute) return wait(requestsPerMinute, 'requests');
  if (bytesPerMinute > 0 && used.bytes >= bytesPerMinute) return wait(bytesPerMinute, 'bytes');
  return undefined;
}

const offices: readonly Role[] = ['system_administrator', 'security_administrator', 'auditor', 'regulator'];
/** What curators read, within their clearance. */
const underReview: readonly string[] = ['in_review', 'returned', 'accepted', 'held'];

/** Why somebody who may know of data may not read them. */
export function dataReason(
  who: { readonly roles: readonly Role[]; readonly scopes: readonly Scope[] },
  { kind, status = '', manner, label }: Pick<Resource, 'kind' | 'status' | 'manner' | 'label'>,
): DataReason {
  if (!who.scopes.includes('read')) return 'data_scope';
  if (who.roles.some((role) => offices.includes(role))) return 'data_office';
  if (kind !== 'object') return 'data_private';
  if (who.roles.includes('curator') && underReview.includes(status)) return 'data_graded';
  if (status === 'withdrawn' || status === 'destroyed') return 'data_withdrawn';
  if (status !== 'released' && status !== 'suppressed') return 'data_not_released';
  if (manner === 'controlled') return 'data_controlled';
  if (manner === 'private') return 'data_private';
  return label.grade > 2 ? 'data_graded' : 'data_private';
}
