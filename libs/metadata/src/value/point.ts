/** A point in WGS84, degrees. */
export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

export type PointReading =
  | { readonly ok: true; readonly point: Point; readonly notation: 'hemisphere' | 'signed' }
  | { readonly ok: false; readonly fault: 'form' | 'bounds' | 'notation'; readonly suggestion?: string };

const hemisphere = /^(\d{1,3}(?:\.\d+)?) ([NS]) (\d{1,3}(?:\.\d+)?) ([EW])$/;
const signed = /^([+-]?\d{1,3}(?:\.\d+)?)(?: |, ?)([+-]?\d{1,3}(?:\.\d+)?)$/;
const loose =
  /^(\d{1,3}(?:\.\d+)?)\s*°?\s*(?:(\d{1,2}(?:\.\d+)?)\s*['′]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*["″]\s*)?([NS])\s*[,;]?\s*(\d{1,3}(?:\.\d+)?)\s*°?\s*(?:(\d{1,2}(?:\.\d+)?)\s*['′]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*["″]\s*)?([EW])$/i;

/**
 * Reads `38.98 N 77.11 W` (BioSample) or `38.98 -77.11` (MIxS 7). Patterns elsewhere accept 98.98 N 277.11 W; here the
 * bounds hold. Degrees, minutes and seconds are refused with the decimal form as suggestion, swapped values likewise.
 */
export function readPoint(text: string): PointReading {
  const named = hemisphere.exec(text);
  if (named) {
    const [, latitude = '', ns, longitude = '', ew] = named;
    return within(sign(latitude, ns === 'S'), sign(longitude, ew === 'W'), 'hemisphere');
  }
  const plain = signed.exec(text);
  if (plain) return within(Number(plain[1]), Number(plain[2]), 'signed');
  const other = loose.exec(text.trim());
  if (!other) return { ok: false, fault: 'form' };
  const [, d1 = '', m1 = '0', s1 = '0', ns = '', d2 = '', m2 = '0', s2 = '0', ew = ''] = other;
  if ([m1, s1, m2, s2].some((part) => Number(part) >= 60)) return { ok: false, fault: 'bounds' };
  const latitude = degrees(d1, m1, s1) * (/s/i.test(ns) ? -1 : 1);
  const longitude = degrees(d2, m2, s2) * (/w/i.test(ew) ? -1 : 1);
  if (!inBounds(latitude, longitude)) return { ok: false, fault: 'bounds' };
  return { ok: false, fault: 'notation', suggestion: writePoint({ latitude, longitude }) };
}

const sign = (digits: string, negative: boolean): number => (negative ? -Number(digits) : Number(digits));
const degrees = (d: string, m: string, s: string): number => Number(d) + Number(m) / 60 + Number(s) / 3600;
const inBounds = (latitude: number, longitude: number): boolean =>
  Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;

function within(latitude: number, longitude: number, notation: 'hemisphere' | 'signed'): PointReading {
  if (inBounds(latitude, longitude)) return { ok: true, point: { latitude, longitude }, notation };
  const swapped = Math.abs(longitude) <= 90 && Math.abs(latitude) <= 180;
  if (!swapped) return { ok: false, fault: 'bounds' };
  return { ok: false, fault: 'bounds', suggestion: writePoint({ latitude: longitude, longitude: latitude }) };
}

/** Writes a point in the BioSample notation, with as many decimals as it has, eight at most. */
export function writePoint({ latitude, longitude }: Point): string {
  return `${decimal(latitude)} ${latitude < 0 ? 'S' : 'N'} ${decimal(longitude)} ${longitude < 0 ? 'W' : 'E'}`;
}

const decimal = (value: number): string => String(Number(Math.abs(value).toFixed(8)));

/** Reads one coordinate in decimal degrees; `undefined` when it is no number or out of bounds. */
export function readCoordinate(text: string, bound: 90 | 180): number | undefined {
  if (!/^[+-]?\d{1,3}(?:\.\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Math.abs(value) <= bound ? value : undefined;
}
