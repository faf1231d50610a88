import { timingSafeEqual } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { encodeFrame, frameType, nextChain, type Frame } from './frame.ts';
import { PartyProblem, type PartyCode } from './problem.ts';
import type { Limits } from './policy.ts';

const noChain = Buffer.alloc(32);

/**
 * An ordered, resumable line of messages to one partner. It survives its connections: what the partner has not
 * acknowledged is sent again on the next. Each direction carries a hash chain over all its messages.
 */
export class Link {
  readonly partner: string;
  sentChain: Buffer;
  /** Over what `receive` has given out: at the same place of the protocol it equals the partner's `sentChain`. */
  receivedChain: Buffer;
  sentBytes = 0;
  receivedBytes = 0;
  readonly #limits: Limits;
  #socket: TLSSocket | undefined;
  #sent = 0;
  #received = 0;
  #unacknowledged: Frame[] = [];
  #arrivedChain: Buffer;
  #queue: { payload: Buffer; chain: Buffer }[] = [];
  #queued = 0;
  #waiting: { resolve: (payload: Buffer) => void; reject: (problem: Error) => void } | undefined;
  #failure: PartyProblem | undefined;

  constructor(partner: string, session: { mine: Buffer; theirs: Buffer }, limits: Limits) {
    this.partner = partner;
    this.sentChain = session.mine;
    this.receivedChain = session.theirs;
    this.#arrivedChain = session.theirs;
    this.#limits = limits;
  }

  /** Number of the next message that this side waits for: what a reconnecting partner resumes from. */
  get next(): number {
    return this.#received;
  }

  /** Takes over a fresh connection and sends again what the partner lacks. */
  attach(socket: TLSSocket, theirNext: number): void {
    this.#socket?.destroy();
    this.#socket = socket;
    this.#acknowledged(theirNext);
    for (const frame of this.#unacknowledged) this.#write(frame);
  }

  /** Sends one message; resolves when it is handed on, so that a slow partner slows the sender. */
  async send(payload: Buffer): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (payload.length > this.#limits.messageBytes) throw new PartyProblem('too-large');
    this.sentChain = nextChain(this.sentChain, this.#sent, payload);
    const frame = { type: frameType.data, sequence: this.#sent, chain: this.sentChain, payload };
    this.#sent += 1;
    this.sentBytes += payload.length;
    this.#unacknowledged.push(frame);
    if (!this.#write(frame)) await this.#drained();
  }

  /** The next message. Rejects when the partner aborts, breaks a rule or stays silent. */
  receive(): Promise<Buffer> {
    const ready = this.#queue.shift();
    if (ready) {
      this.#queued -= ready.payload.length;
      this.receivedChain = ready.chain;
      if (this.#queued <= this.#limits.messageBytes) this.#socket?.resume();
      return Promise.resolve(ready.payload);
    }
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const silence = setTimeout(
        () => this.fail(new PartyProblem('silent', this.partner)),
        this.#limits.silentSeconds * 1000,
      );
      const settle = () => {
        clearTimeout(silence);
        this.#waiting = undefined;
      };
      this.#waiting = {
        resolve: (payload) => (settle(), resolve(payload)),
        reject: (problem) => (settle(), reject(problem)),
      };
    });
  }

  /** What arrives, except hello. */
  accept(frame: Frame): void {
    if (frame.type === frameType.ack) this.#acknowledged(frame.sequence);
    else if (frame.type === frameType.abort) this.fail(new PartyProblem('partner-aborted', abortText(frame.payload)));
    else this.#data(frame);
  }

  /** Ends the line; everybody who waits is told. */
  fail(problem: PartyProblem): void {
    this.#failure ??= problem;
    this.#waiting?.reject(this.#failure);
  }

  /** Tells the partner that the job ends here, why and in which phase: never data. */
  abort(code: PartyCode, phase: string): void {
    const payload = Buffer.from(JSON.stringify({ code, phase }));
    this.#write({ type: frameType.abort, sequence: 0, chain: noChain, payload });
    this.close();
  }

  close(): void {
    this.#failure ??= new PartyProblem('unreachable', this.partner);
    this.#socket?.end();
  }

  #data(frame: Frame): void {
    // A resumed connection may bring once more what was received just before the break.
    if (frame.sequence < this.#received) return;
    const chain = nextChain(this.#arrivedChain, this.#received, frame.payload);
    if (frame.sequence !== this.#received || !timingSafeEqual(chain, frame.chain))
      throw new PartyProblem('bad-frame', this.partner);
    this.#received += 1;
    this.receivedBytes += frame.payload.length;
    if (this.receivedBytes > this.#limits.linkBytes || this.#received > this.#limits.messages)
      throw new PartyProblem('too-large', this.partner);
    this.#arrivedChain = chain;
    this.#write({ type: frameType.ack, sequence: this.#received, chain: noChain, payload: Buffer.alloc(0) });
    if (this.#waiting) {
      this.receivedChain = chain;
      this.#waiting.resolve(frame.payload);
    } else {
      this.#queue.push({ payload: frame.payload, chain });
      this.#queued += frame.payload.length;
      if (this.#queued > this.#limits.messageBytes) this.#socket?.pause();
    }
  }

  #acknowledged(next: number): void {
    if (next > this.#sent) throw new PartyProblem('bad-frame', this.partner);
    this.#unacknowledged = this.#unacknowledged.filter(({ sequence }) => sequence >= next);
  }

  #write(frame: Frame): boolean {
    const socket = this.#socket;
    if (!socket?.writable) return true;
    const [header = noChain, payload = noChain] = encodeFrame(frame);
    socket.write(header);
    return payload.length === 0 || socket.write(payload);
  }

  #drained(): Promise<void> {
    const socket = this.#socket;
    if (!socket?.writable) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        socket.off('drain', done);
        socket.off('close', done);
        resolve();
      };
      socket.once('drain', done);
      socket.once('close', done);
    });
  }
}

/** Code and phase of an abort as printable text of bounded length: it came from outside. */
function abortText(payload: Buffer): string {
  return payload.toString('latin1', 0, 200).replaceAll(/[^ -~]/g, '?');
}
