/** Messages on the ABCI socket: the length as an unsigned varint, then the bytes (CometBFT 0.38, abci/types/messages.go). */

/** Bytes of one message at most: the engine's own limit on a block is 100 MB. */
const frameLimit = 104_857_600;

/** Cuts a stream into messages. @throws Error when a length is beyond the limit */
export function frameReader(onFrame: (frame: Uint8Array) => void): (piece: Uint8Array) => void {
  let rest: Uint8Array = new Uint8Array(0);
  return (piece) => {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    for (;;) {
      const head = readLength(rest);
      if (!head || rest.length < head.width + head.length) return;
      onFrame(rest.subarray(head.width, head.width + head.length));
      rest = rest.subarray(head.width + head.length);
    }
  };
}

function readLength(bytes: Uint8Array): { length: number; width: number } | undefined {
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    length += (byte & 127) * 2 ** (7 * at);
    if (length > frameLimit || at > 4) throw new Error('a message beyond the limit');
    if (byte < 128) return { length, width: at + 1 };
  }
  return undefined;
}

export function frame(message: Uint8Array): Uint8Array {
  const head: number[] = [];
  let rest = message.length;
  for (; rest > 127; rest = Math.floor(rest / 128)) head.push((rest % 128) + 128);
  head.push(rest);
  return Buffer.concat([Uint8Array.from(head), message]);
}
