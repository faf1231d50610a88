/** A file of an archive; its bytes are to be read before the next file is asked for. */
export interface TarEntry {
  readonly name: string;
  readonly bytes: AsyncGenerator<Uint8Array>;
}

/** The bytes are no tar archive, or end too early. */
export class TarProblem extends Error {
  override readonly name = 'TarProblem';
}

const block = 512;

/**
 * Reads the plain files of a tar archive (POSIX ustar, GNU sizes) as a stream. Only what is asked for is held: names are never
 * used as paths.
 */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const reader = byteReader(source);
  for (;;) {
    const header = await reader.take(block);
    // The end is marked by blocks of zeros; some archives just end.
    if (header.every((byte) => byte === 0)) return;
    if (header.length < block) throw new TarProblem('the archive ends within a header');
    if (checksum(header) !== octal(header, 148, 8)) throw new TarProblem('a header has a wrong checksum');
    const size = octal(header, 124, 12);
    const type = header[156] ?? 0;
    const entry = { name: text(header, 0, 100), bytes: reader.stream(size) };
    if (type === 0 || type === 0x30) yield entry;
    for await (const _rest of entry.bytes);
    await reader.take((block - (size % block)) % block);
  }
}

function octal(header: Uint8Array, at: number, length: number): number {
  const digits = text(header, at, length).trim();
  if (!/^[0-7]{1,12}$/.test(digits)) throw new TarProblem('a header holds no octal number');
  return Number.parseInt(digits, 8);
}

function text(header: Uint8Array, at: number, length: number): string {
  const field = header.subarray(at, at + length);
  const end = field.indexOf(0);
  return new TextDecoder('latin1').decode(end < 0 ? field : field.subarray(0, end));
}

/** Sum of the header's bytes with the checksum field taken as spaces. */
function checksum(header: Uint8Array): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}

function byteReader(source: AsyncIterable<Uint8Array>) {
  const chunks = source[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array();
  const more = async (): Promise<boolean> => {
    while (held.length === 0) {
      const next = await chunks.next();
      if (next.done === true) return false;
      held = next.value;
    }
    return true;
  };
  async function* stream(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0;) {
      if (!(await more())) throw new TarProblem('the archive ends within a file');
      const part = held.subarray(0, left);
      held = held.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }
  return {
    stream,
    /** As many bytes as asked for, or fewer at the end. */
    async take(length: number): Promise<Uint8Array> {
      const parts: number[] = [];
      while (parts.length < length && (await more())) {
        const part = held.subarray(0, length - parts.length);
        held = held.subarray(part.length);
        parts.push(...part);
      }
      return Uint8Array.from(parts);
    },
  };
}
