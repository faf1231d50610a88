import { createHash } from 'node:crypto';
import { PartyProblem } from './problem.ts';

/** 0 data, 1 acknowledgement, 2 abort, 3 hello. */
export const frameType = { data: 0, ack: 1, abort: 2, hello: 3 } as const;

export interface Frame {
  readonly type: number;
  readonly sequence: number;
  readonly chain: Buffer;
  readonly payload: Buffer;
}

const headerLength = 4 + 1 + 8 + 32;

/** Length of the payload (4), type (1), sequence (8), hash chain after this frame (32), payload. */
export function encodeFrame({ type, sequence, chain, payload }: Frame): Buffer[] {
  const header = Buffer.alloc(headerLength);
  header.writeUInt32BE(payload.length, 0);
  header.writeUInt8(type, 4);
  header.writeBigUInt64BE(BigInt(sequence), 5);
  chain.copy(header, 13);
  return [header, payload];
}

/** The chain of a direction: it starts from the session, so that a frame of another job or place never continues it. */
export function nextChain(before: Buffer, sequence: number, payload: Buffer): Buffer {
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(sequence));
  return createHash('sha256').update(before).update(number).update(payload).digest();
}

/** Cuts a byte stream into frames. A length above the limit is refused before a byte of it is held. */
export function frameReader(limit: number, visit: (frame: Frame) => void): (chunk: Buffer) => void {
  let held: Buffer[] = [];
  let length = 0;
  let wanted = headerLength;
  let header: Buffer | undefined;
  return (chunk) => {
    held.push(chunk);
    length += chunk.length;
    while (length >= wanted) {
      const fresh = held.length > 1;
      const whole = fresh ? Buffer.concat(held) : (held[0] as Buffer);
      const piece = whole.subarray(0, wanted);
      held = [whole.subarray(wanted)];
      length -= wanted;
      if (!header) {
        header = piece;
        wanted = header.readUInt32BE(0);
        if (wanted > limit) throw new PartyProblem('too-large');
        continue;
      }
      const type = header.readUInt8(4);
      const sequence = Number(header.readBigUInt64BE(5));
      if (type > 3 || !Number.isSafeInteger(sequence)) throw new PartyProblem('bad-frame');
      const frame = {
        type,
        sequence,
        chain: header.subarray(13, headerLength),
        payload: fresh ? piece : Buffer.from(piece),
      };
      header = undefined;
      wanted = headerLength;
      visit(frame);
    }
  };
}
