import { hash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mkdirSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  cosigner,
  ed25519PublicKey,
  formatVerifierKey,
  judgeAddCheckpoint,
  keyTypes,
  nodeSha256,
  parseAddCheckpoint,
  parseNote,
  signatureLine,
  sm2Cosigner,
  sm2PublicKey,
  treeHasher,
  verifierOf,
  type Signer,
  type Sm2,
  type Verifier,
} from '@geneward/merkle';
import { folderName, writeDurably, type Heads } from './heads.ts';

/** A request is a proof of at most 63 hashes and a checkpoint with its signatures. */
const bodyLimit = 256 * 1024;

/**
 * The witness's own key, made at the first use and readable by its owner alone.
 * @param sm2 when it signs with SM2, by a key of its own
 */
export function witnessKey(folder: string, name: string, sm2?: Sm2): { signer: Signer; text: string } {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, sm2 ? 'witness-sm2.key' : 'witness.key');
  if (!existsSync(path)) writeDurably(folder, path, randomBytes(32).toString('hex'));
  const secret = Buffer.from(readFileSync(path, 'utf8').trim(), 'hex');
  if (sm2) {
    const publicKey = sm2.publicKey(secret);
    const verifier = verifierOf(name, keyTypes.sm2Cosignature, sm2PublicKey(publicKey), { sm2 });
    return { signer: sm2Cosigner(name, { publicKey, secretKey: secret }, sm2), text: formatVerifierKey(verifier) };
  }
  const verifier = verifierOf(name, keyTypes.cosignature, ed25519PublicKey(secret));
  return { signer: cosigner(name, secret), text: formatVerifierKey(verifier) };
}

export interface WitnessParts {
  readonly logs: readonly Verifier[];
  readonly heads: Heads;
  readonly signer: Signer;
  /** Seconds since 1970. */
  readonly now: () => bigint;
}

/** An answer of C2SP tlog-witness. */
export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
}

const hasher = treeHasher(nodeSha256({ hash }));

/**
 * `add-checkpoint`: looks at the last head, judges, and keeps the new one before it signs and answers, all in one synchronous
 * step. Nothing is signed that does not continue what was signed before.
 */
export function addCheckpoint({ logs, heads, signer, now }: WitnessParts, body: string): Reply {
  let request;
  try {
    request = parseAddCheckpoint(body);
  } catch {
    return { status: 400, body: 'not an add-checkpoint request\n' };
  }
  const answer = judgeAddCheckpoint(hasher, request, logs, (origin) => heads.read(origin));
  if (answer.status === 409) return { status: 409, body: `${answer.size}\n`, type: 'text/x.tlog.size' };
  if (answer.status !== 200) return { status: answer.status, body: `${reasons[answer.status]}\n` };
  heads.write(answer.checkpoint.origin, request.note);
  return { status: 200, body: `${signatureLine(answer.note.text, signer, now())}\n` };
}

const reasons = {
  400: 'the checkpoint cannot be read, or is smaller than the old size',
  403: 'no known key has signed the checkpoint',
  404: 'the log is not known here',
  422: 'the consistency proof does not hold',
} as const;

/** `/HASH/checkpoint`: the last checkpoint of a log that was cosigned here, so that anybody can hold the log against it. */
function lastSeen({ logs, heads, signer, now }: WitnessParts, pathname: string): string | undefined {
  const log = logs.find(({ name }) => pathname === `/${folderName(name)}/checkpoint`);
  const head = log && heads.read(log.name);
  return head && `${head.note}${signatureLine(parseNote(head.note).text, signer, now())}\n`;
}

/** The witness on HTTP: `POST /add-checkpoint`, at `/` its key, and what it has seen last of each log. */
export function witnessServer(parts: WitnessParts, key: string): Server {
  const server = createServer((request, response) => {
    void answer(parts, key, request, response).catch(() => response.destroy());
  });
  server.requestTimeout = 10_000;
  server.headersTimeout = 5000;
  return server;
}

async function answer(
  parts: WitnessParts,
  key: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const send = ({ status, body, type = 'text/plain; charset=utf-8' }: Reply) =>
    response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(body);
  const { pathname } = new URL(request.url ?? '/', 'http://witness');
  if (request.method === 'GET' && pathname === '/') return void send({ status: 200, body: `${key}\n` });
  const seen = lastSeen(parts, pathname);
  if (request.method === 'GET' && seen !== undefined) return void send({ status: 200, body: seen });
  if (pathname !== '/add-checkpoint') return void send({ status: 404, body: 'no such address\n' });
  if (request.method !== 'POST') return void send({ status: 405, body: 'POST only\n' });
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bodyLimit) {
      response.setHeader('connection', 'close');
      return void send({ status: 413, body: 'too large\n' });
    }
    chunks.push(chunk);
  }
  let body: string;
  try {
    body = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
  } catch {
    return void send({ status: 400, body: 'not UTF-8\n' });
  }
  send(addCheckpoint(parts, body));
}
