import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, createServer, type Server, type TLSSocket } from 'node:tls';
import type { JobSpecification } from '@geneward/api';
import { z } from 'zod';
import { encodeFrame, frameReader, frameType, type Frame } from './frame.ts';
import type { Line } from './line.ts';
import { Link } from './link.ts';
import { PartyProblem } from './problem.ts';
import type { Policy } from './policy.ts';

/** A partner once the line to it stands. */
export interface Peer {
  readonly name: string;
  readonly link: Line;
}

const helloMessage = z.strictObject({
  job: z.string().regex(/^[0-9a-f]{64}$/),
  /** Fresh for this run of the job; the same on every reconnection. */
  nonce: z.string().regex(/^[0-9a-f]{64}$/),
  next: z.int().min(0),
});
type Hello = z.infer<typeof helloMessage>;

interface Slot {
  readonly name: string;
  readonly fingerprint: string;
  readonly first: boolean;
  readonly nonce: string;
  theirs?: Hello;
  peer?: Peer & { readonly link: Link };
  ready: (peer: Peer) => void;
  failed: (problem: PartyProblem) => void;
  readonly whole: Promise<Peer>;
}

/** Lines to all partners of a job over mutual TLS 1.3; those that stand earlier in the job listen, later ones dial. */
export async function openMesh(policy: Policy, job: JobSpecification, jobHash: string) {
  const self = job.parties.findIndex(({ name }) => name === policy.name);
  const slots = job.parties.flatMap(({ name, fingerprint }, at): Slot[] =>
    at === self ? [] : [slotOf(name, fingerprint, self < at)],
  );
  let closed = false;
  const sockets = new Set<TLSSocket>();
  const open = (socket: TLSSocket, slot: Slot | undefined) => {
    if (closed) socket.destroy();
    else {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      greet(socket, slot, slots, { policy, jobHash });
    }
  };
  const server = slots.some(({ first }) => first)
    ? await listen(policy, (socket) => open(socket, undefined))
    : undefined;
  for (const slot of slots) if (!slot.first) void dialAlways(policy, slot, open, () => closed);
  const deadline = setTimeout(() => {
    for (const slot of slots) slot.failed(new PartyProblem('unreachable', slot.name));
  }, policy.limits.connectSeconds * 1000);
  const close = () => {
    closed = true;
    clearTimeout(deadline);
    server?.close();
    for (const { peer } of slots) peer?.link.close();
    // What is already written still goes out; a partner that does not read it holds nobody up.
    for (const socket of sockets) socket.destroySoon();
    setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, 2000).unref();
  };
  try {
    return { peers: await Promise.all(slots.map(({ whole }) => whole)), close };
  } catch (error) {
    for (const { peer } of slots) peer?.link.abort(error instanceof PartyProblem ? error.code : 'internal', 'connect');
    close();
    throw error;
  } finally {
    clearTimeout(deadline);
  }
}

function slotOf(name: string, fingerprint: string, first: boolean): Slot {
  const { promise, resolve, reject } = Promise.withResolvers<Peer>();
  promise.catch(() => undefined);
  const random = () => randomBytes(32).toString('hex');
  return { name, fingerprint, first, nonce: random(), ready: resolve, failed: reject, whole: promise };
}

const tlsOptions = (policy: Policy) => ({
  cert: policy.certificatePem,
  key: policy.keyPem,
  minVersion: 'TLSv1.3' as const,
  maxVersion: 'TLSv1.3' as const,
  // Trust is the fingerprint that the policy pins, compared below before a byte is used; not an authority.
  rejectUnauthorized: false,
});

function listen(policy: Policy, accept: (socket: TLSSocket) => void): Promise<Server> {
  const server = createServer({ ...tlsOptions(policy), requestCert: true, handshakeTimeout: 10_000 }, accept);
  server.maxConnections = 64;
  server.on('tlsClientError', () => undefined);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(policy.listen.port, policy.listen.host, () => resolve(server));
  });
}

/** Dials until the job is over: a broken connection is made anew and resumed. */
async function dialAlways(
  policy: Policy,
  slot: Slot,
  open: (socket: TLSSocket, slot: Slot) => void,
  over: () => boolean,
): Promise<void> {
  const partner = policy.partners.find(({ name }) => name === slot.name);
  if (!partner) return;
  for (let wait = 100; !over(); wait = Math.min(wait * 1.5, 2000)) {
    const socket = connect({ ...tlsOptions(policy), host: partner.host, port: partner.port });
    const secured = await new Promise<boolean>((resolve) => {
      socket.once('secureConnect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    if (secured) {
      const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      open(socket, slot);
      await ended;
      wait = 100;
    }
    if (!over()) await pause(wait, undefined, { ref: false });
  }
}

/** Who is this? The certificate decides; then both say which job they run, and the line is opened or resumed. */
function greet(
  socket: TLSSocket,
  expected: Slot | undefined,
  slots: readonly Slot[],
  { policy, jobHash }: { policy: Policy; jobHash: string },
): void {
  socket.on('error', () => undefined);
  const raw = socket.getPeerX509Certificate()?.raw;
  const fingerprint = raw && createHash('sha256').update(raw).digest('hex');
  const slot = slots.find(
    (candidate) => candidate.fingerprint === fingerprint && (!expected || candidate === expected),
  );
  if (!slot || slot.first === (expected !== undefined)) {
    socket.destroy();
    return;
  }
  const fail = (problem: PartyProblem) => {
    slot.failed(problem);
    slot.peer?.link.fail(problem);
    socket.destroy();
  };
  let greeted = false;
  const read = frameReader(policy.limits.messageBytes, (frame: Frame) => {
    if (greeted) slot.peer?.link.accept(frame);
    else {
      greeted = true;
      welcome(slot, frame, jobHash, policy, socket);
    }
  });
  socket.on('data', (chunk: Buffer) => {
    try {
      read(chunk);
    } catch (error) {
      fail(error instanceof PartyProblem ? error : new PartyProblem('bad-frame', slot.name));
    }
  });
  const hello: Hello = { job: jobHash, nonce: slot.nonce, next: slot.peer?.link.next ?? 0 };
  const payload = Buffer.from(JSON.stringify(hello));
  for (const part of encodeFrame({ type: frameType.hello, sequence: 0, chain: Buffer.alloc(32), payload }))
    socket.write(part);
}

function welcome(slot: Slot, frame: Frame, jobHash: string, policy: Policy, socket: TLSSocket): void {
  const parsed = helloMessage.safeParse(
    frame.type === frameType.hello ? JSON.parse(frame.payload.toString()) : undefined,
  );
  if (!parsed.success) throw new PartyProblem('bad-frame', slot.name);
  const hello = parsed.data;
  if (!timingSafeEqual(Buffer.from(hello.job), Buffer.from(jobHash))) throw new PartyProblem('other-job', slot.name);
  if (slot.theirs && slot.theirs.nonce !== hello.nonce) throw new PartyProblem('restarted', slot.name);
  slot.theirs = hello;
  slot.peer ??= peerOf(slot, hello, jobHash, policy);
  slot.peer.link.attach(socket, hello.next);
  slot.ready(slot.peer);
}

/** A session from both sides' fresh values: neither side alone decides it, no former job has it. */
function peerOf(slot: Slot, hello: Hello, jobHash: string, policy: Policy): Peer & { readonly link: Link } {
  const ordered = (mine: string, theirs: string) => (slot.first ? mine + theirs : theirs + mine);
  const session = createHash('sha256').update(jobHash).update(ordered(slot.nonce, hello.nonce)).digest();
  const direction = (first: boolean) =>
    createHash('sha256')
      .update(session)
      .update(first ? 'first' : 'second')
      .digest();
  return {
    name: slot.name,
    link: new Link(slot.name, { mine: direction(slot.first), theirs: direction(!slot.first) }, policy.limits),
  };
}
