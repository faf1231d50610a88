import { textReader } from '../encoding.ts';
import type { Place } from '../../rules/rule.ts';
import type { IntakeLimits } from '../limits.ts';
import { Refusal } from '../report.ts';
import type { Report } from '../report.ts';
import { xmlReader } from '../xml.ts';
import type { XmlListener } from '../xml.ts';
import type { ZipPart } from '../zip.ts';

/** What every part of a workbook is read with. */
export interface Workings {
  readonly place: Place;
  readonly limits: IntakeLimits;
  readonly report: Report;
}

const step = 64 * 1024;

/** Inflates and parses one part of a workbook, giving way after every piece so that rows can be taken out. */
export function* parsePart(part: ZipPart, { place, limits, report }: Workings, listener: XmlListener): Generator<void> {
  const text = textReader(place, report);
  const xml = xmlReader({ ...place, file: `${place.file ?? ''}!${part.name}` }, limits, listener);
  for (const piece of part.inflate())
    for (let at = 0; at < piece.length; at += step) {
      xml.write(text.write(piece.subarray(at, at + step)));
      yield;
    }
  xml.write(text.end());
  xml.end();
  yield;
}

/** Elements that a small part may have; Excel itself stops at 65,490 styles and far fewer sheets. */
const mostElements = 1_000_000;

/** Parses a part to its end; what it leaves in memory is bounded by the number of its elements. */
export function parseWhole(part: ZipPart, workings: Workings, listener: XmlListener, most = mostElements): void {
  let elements = 0;
  const counted: XmlListener = {
    ...listener,
    open: (...tag) => {
      if (++elements > most) throw new Refusal('GW3007', workings.place, { params: { part: part.name } });
      listener.open(...tag);
    },
  };
  parsePart(part, workings, counted).forEach(() => undefined);
}

/** Follows a relationship file: identifier to path inside the container, and the first target of each kind. */
export function readRelations(
  parts: ReadonlyMap<string, ZipPart>,
  owner: string,
  workings: Workings,
): { byId: ReadonlyMap<string, string>; byKind: ReadonlyMap<string, string> } {
  const folder = owner.slice(0, owner.lastIndexOf('/') + 1);
  const byId = new Map<string, string>();
  const byKind = new Map<string, string>();
  const part = parts.get(`${folder}_rels/${owner.slice(folder.length)}.rels`);
  if (part)
    parseWhole(part, workings, {
      open: (name, { Id = '', Target = '', Type = '', TargetMode }) => {
        if (name !== 'Relationship' || TargetMode === 'External') return;
        const path = Target.startsWith('/') ? Target.slice(1) : folder + Target;
        byId.set(Id, path);
        const kind = Type.slice(Type.lastIndexOf('/') + 1);
        if (!byKind.has(kind)) byKind.set(kind, path);
      },
      text: () => undefined,
      close: () => undefined,
    });
  return { byId, byKind };
}

/** Refuses a workbook that lacks a part which its own directory names. */
export function requirePart(parts: ReadonlyMap<string, ZipPart>, path: string, place: Place): ZipPart {
  const part = parts.get(path);
  if (!part) throw new Refusal('GW3006', place, { params: { part: path } });
  return part;
}
