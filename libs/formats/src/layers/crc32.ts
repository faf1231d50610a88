const lanes = 8;

/** `table[lane * 256 + byte]`: what a byte does to the CRC when `lane` more bytes follow it in the group of eight. */
const table = new Uint32Array(lanes * 256);
for (let byte = 0; byte < 256; byte += 1) {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  table[byte] = value;
}
for (let at = 256; at < table.length; at += 1) {
  const before = table[at - 256] ?? 0;
  table[at] = (before >>> 8) ^ (table[before & 255] ?? 0);
}

/**
 * CRC-32 of RFC 1952 section 8, eight bytes at a time. `seed` is the result over what came before:
 * `crc32(b, crc32(a))` is the CRC of a followed by b.
 */
export function crc32(bytes: Uint8Array, seed = 0): number {
  const byte = (at: number) => bytes[at] ?? 0;
  const entry = (lane: number, value: number) => table[lane * 256 + (value & 255)] ?? 0;
  let crc = ~seed;
  let at = 0;
  for (const end = bytes.length - lanes; at <= end; at += lanes) {
    const low = crc ^ (byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16) | (byte(at + 3) << 24));
    crc =
      entry(7, low) ^
      entry(6, low >>> 8) ^
      entry(5, low >>> 16) ^
      entry(4, low >>> 24) ^
      entry(3, byte(at + 4)) ^
      entry(2, byte(at + 5)) ^
      entry(1, byte(at + 6)) ^
      entry(0, byte(at + 7));
  }
  for (; at < bytes.length; at += 1) crc = (crc >>> 8) ^ entry(0, crc ^ byte(at));
  return ~crc >>> 0;
}
