import * as node from 'node:crypto';
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ArchiveObject, FileView, ObjectLink } from '@geneward/api';
import { hashSegments, nodeCrypto, rangeProof, sealedSize, signManifest } from '@geneward/crypt4gh';

const crypto = nodeCrypto(node);
const signer = { name: 'geneward-GW', key: crypto.signingKey(node.randomBytes(32)) };
const person = randomUUID();
const at = '2026-01-01T00:00:00.000Z';

/** A server with one released run, faithful to the contract as far as `get` needs it, whose line may break. */
export interface FakeArchive {
  readonly address: string;
  /** `Range` header of every download that was asked for. */
  readonly ranges: (string | undefined)[];
  close(): Promise<void>;
}

export interface FakeFile {
  readonly name: string;
  readonly bytes: Buffer;
  /** Bytes after which the line breaks, for each request in turn; missing: it holds. */
  readonly breaks?: number[];
  /** How often each of these segments of 64 KiB comes damaged before it comes right. */
  readonly damaged?: Readonly<Record<number, number>>;
}

export async function fakeArchive(
  files: readonly FakeFile[],
  { tombstone, runsBelow = 0 }: { tombstone?: ArchiveObject['tombstone']; runsBelow?: number } = {},
): Promise<FakeArchive> {
  const ranges: (string | undefined)[] = [];
  const held = files.map((file) => ({
    ...file,
    id: randomUUID(),
    breaks: [...(file.breaks ?? [])],
    damaged: { ...file.damaged },
  }));
  const run = randomUUID();
  const below = Array.from({ length: runsBelow }, () => ({ id: randomUUID() }));
  const json = (reply: ServerResponse, body: unknown, status = 200) =>
    reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const server: Server = createServer((request: IncomingMessage, reply) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake');
    const [, , , kind, id, part] = pathname.split('/');
    if (id === 'manifest-key')
      return json(reply, { name: signer.name, publicKey: Buffer.from(signer.key.publicKey).toString('base64') });
    const file = held.find((one) => one.id === id);
    if (kind === 'objects' && part === 'below') {
      const from = Number(searchParams.get('after') ?? 0);
      const end = from + Number(searchParams.get('limit'));
      const page = below.slice(from, end).map((one) => ({ ...linkTo(one.id), distance: 1 }));
      return json(reply, { items: page, ...(end < below.length && { next: String(end) }) });
    }
    const lower = below.find((one) => one.id === id);
    if (kind === 'objects' && lower) return json(reply, object(lower.id, []));
    if (kind === 'objects')
      return json(reply, {
        ...object(run, held),
        ...(tombstone && { status: 'withdrawn', content: undefined, tombstone }),
      });
    if (!file) return json(reply, { type: 'about:blank', title: 'Not found', status: 404, code: 'not_found' }, 404);
    if (part === 'manifest' || part === 'leaves') return void proof(reply, part, file, searchParams);
    if (part !== 'content') return json(reply, view(file));
    const { range } = request.headers;
    ranges.push(range);
    const [, start = 0, end = 0] = (/^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? []).map(Number);
    const body = damage(file, start, Buffer.from(file.bytes.subarray(start, end + 1)));
    const { length } = file.bytes;
    reply.writeHead(206, { 'content-length': body.length, 'content-range': `bytes ${start}-${end}/${length}` });
    const broken = file.breaks.shift();
    if (broken === undefined) return reply.end(body);
    return reply.write(body.subarray(0, broken), () => setTimeout(() => request.socket.destroy(), 50));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ranges,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function proof(
  reply: ServerResponse,
  part: 'manifest' | 'leaves',
  { id, bytes }: { id: string; bytes: Buffer },
  query: URLSearchParams,
): Promise<void> {
  const { leaves, ...hashes } = await hashSegments(crypto, [bytes]);
  if (part === 'manifest') {
    const manifest = { file: id, cipherSize: sealedSize(bytes.length), ...hashes };
    reply.end(signManifest(crypto, manifest, [signer]));
    return;
  }
  const given = rangeProof(crypto, leaves, Number(query.get('from')), Number(query.get('to')));
  const text = (value: Uint8Array) => Buffer.from(value).toString('base64');
  reply.end(JSON.stringify({ from: given.from, leaves: text(given.leaves), proof: text(given.proof) }));
}

/** Alters the segments of a range whose turn it is. */
function damage({ damaged }: { damaged: Record<number, number> }, start: number, body: Buffer): Buffer {
  for (const [segment, times] of Object.entries(damaged)) {
    const at = Number(segment) * 65_536 + 100 - start;
    if (times === 0 || at < 0 || at >= body.length) continue;
    damaged[Number(segment)] = times - 1;
    body[at] = (body[at] ?? 0) ^ 1;
  }
  return body;
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function view({ id, name, bytes }: { id: string; name: string; bytes: Buffer }): FileView {
  return {
    id,
    name,
    state: 'claimed',
    received: bytes.length,
    size: bytes.length,
    sha256: sha256(bytes),
    label: { grade: 1, categories: [], jurisdictions: [] },
    owner: { organisation: person, person },
    uploadedAt: at,
    sameAs: [],
    summary: {},
    errors: 0,
    warnings: 0,
  };
}

const linkTo = (id: string): ObjectLink => ({
  id,
  type: 'run',
  alias: 'run-1',
  accession: 'GWR0000001',
  status: 'released',
});

function object(id: string, files: readonly { id: string; name: string }[]): ArchiveObject {
  return {
    ...linkTo(id),
    version: 1,
    currentVersion: 1,
    organisation: person,
    submitter: person,
    manner: 'public',
    label: { grade: 1, categories: [], jurisdictions: [] },
    useTerms: '',
    createdAt: at,
    updatedAt: at,
    replaces: [],
    citedBy: [],
    content: {
      attributes: {},
      units: {},
      references: [],
      files: files.map((file) => ({ id: file.id, name: file.name, format: 'fastq' })),
    },
  };
}
