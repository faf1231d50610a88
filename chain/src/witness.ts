import { createServer, type Server } from 'node:http';
import type { ChainClient, RefusalCode, Transaction } from '@geneward/chain';
import { parseAddCheckpoint, parseCheckpointText, parseNote, type AddCheckpoint } from '@geneward/merkle';

/** What a validator needs to be asked as a witness. */
export interface WitnessFront {
  readonly client: ChainClient;
  /** Signs an act as the institution's member. */
  sign(nonce: bigint, act: Transaction['act']): Uint8Array;
  readonly member: string;
  /** Rests between two looks at the chain. */
  rest(): Promise<void>;
  /** Looks that are taken until a checkpoint is final. */
  readonly looks: number;
}

/** Answer over HTTP. */
export interface WitnessReply {
  readonly status: number;
  readonly body: string;
  readonly type: string;
}

const bodyLimit = 65_536;
const statusOf: Partial<Record<RefusalCode | 'unknown', number>> = {
  unknown_log: 404,
  log_frozen: 403,
  checkpoint_bad: 403,
  proof_wrong: 422,
};

const reply = (status: number, body = '', type = 'text/plain'): WitnessReply => ({ status, body, type });

/**
 * C2SP tlog-witness `add-checkpoint`, answered by a validator of the chain: the checkpoint is ordered by all, and this
 * validator's cosignature is given once it is final. A log that asks witnesses thereby reaches the chain with nothing more
 * than lines in its policy. 503: the chain did not make it final in time; to ask again is safe.
 */
export async function answerAddCheckpoint(front: WitnessFront, body: string): Promise<WitnessReply> {
  let request: AddCheckpoint;
  let origin: string;
  let size: bigint;
  let text: string;
  try {
    request = parseAddCheckpoint(body);
    ({ text } = parseNote(request.note));
    ({ origin, size } = parseCheckpointText(text));
  } catch {
    return reply(400);
  }
  if (request.old > size) return reply(400);
  const { client } = front;
  const log = await client.log(origin);
  if (!log) return reply(404);
  if (log.frozen) return reply(403);
  const behind = (seen: bigint) => reply(409, `${seen}\n`, 'text/x.tlog.size');
  if (size <= log.size) {
    const known = size === log.size ? await client.cosignature(origin, size) : undefined;
    return known?.text === text ? reply(200, `${known.line}\n`) : behind(log.size);
  }
  if (request.old !== log.size) return behind(log.size);

  const refused = await handIn(front, request);
  // Another validator may have been asked a moment before: then it waits already, and is final soon.
  if (refused !== undefined && refused !== 'checkpoint_old') return reply(statusOf[refused] ?? 503);
  for (let look = 0; look < front.looks; look += 1) {
    const given = await client.cosignature(origin, size);
    if (given) return given.text === text ? reply(200, `${given.line}\n`) : behind(size);
    await front.rest();
  }
  return reply(503);
}

/** @returns why it was refused; undefined when it waits in the pool */
async function handIn(
  front: WitnessFront,
  { note, proof }: AddCheckpoint,
): Promise<RefusalCode | 'unknown' | undefined> {
  const member = await front.client.member(front.member);
  if (!member) return 'unknown_member';
  const act = { type: 'SubmitCheckpoint', note, proof } as const;
  for (let ahead = 0n; ahead < 64n; ahead += 1n) {
    if (((member.used >> ahead) & 1n) === 1n) continue;
    const answer = await front.client.submit(front.sign(member.nonce + ahead, act));
    if (answer.pending) return undefined;
    if (answer.code !== 'nonce_used') return answer.code;
  }
  return 'nonce_used';
}

/** Serves `POST /add-checkpoint`; nothing else. */
export function serveWitness(front: WitnessFront, host: string, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    const send = ({ status, body, type }: WitnessReply) =>
      response.writeHead(status, { 'content-type': type }).end(body);
    if (request.method !== 'POST' || request.url !== '/add-checkpoint') {
      send(reply(404));
      return;
    }
    const pieces: Buffer[] = [];
    let length = 0;
    request.on('data', (piece: Buffer) => {
      length += piece.length;
      if (length <= bodyLimit) pieces.push(piece);
    });
    request.on('end', () => {
      if (length > bodyLimit) send(reply(413));
      else
        answerAddCheckpoint(front, Buffer.concat(pieces).toString()).then(send, () => {
          send(reply(503));
        });
    });
  });
  server.requestTimeout = 30_000;
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, host, () => done(server));
  });
}
