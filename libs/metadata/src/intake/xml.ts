import { SaxesParser } from 'saxes';
import type { Place } from '../rules/rule.ts';
import type { IntakeLimits } from './limits.ts';
import { Refusal } from './report.ts';

/** What a reader hears of a document; names come without their namespace prefix. */
export interface XmlListener {
  open: (name: string, attributes: Readonly<Record<string, string>>, line: number, column: number) => void;
  text: (text: string) => void;
  close: (name: string) => void;
}

/** Takes a document in pieces of text. */
export interface XmlReader {
  write: (text: string) => void;
  end: () => void;
}

/**
 * Reads XML without document type declarations, so that no entity can expand or fetch anything, and with bounds on depth
 * and on the length of every text and tag. Refuses what is not well-formed with line and column.
 */
export function xmlReader(place: Place, limits: IntakeLimits, listener: XmlListener): XmlReader {
  const parser = new SaxesParser<{ position: true; xmlns: false }>({ position: true, xmlns: false });
  const here = (): Place => ({ ...place, line: parser.line, column: parser.column + 1 });
  let depth = 0;
  let events = 0;
  let quiet = 0;
  parser.on('error', (error) => {
    throw new Refusal('GW3071', here(), { params: { reason: error.message.replace(/^[^:]*:?\d+:\d+:\s*/, '') } });
  });
  parser.on('doctype', () => {
    throw new Refusal('GW3070', here());
  });
  parser.on('opentag', (tag) => {
    events++;
    if (++depth > limits.depth) throw new Refusal('GW3072', here(), { params: { limit: limits.depth } });
    listener.open(localName(tag.name), tag.attributes, parser.line, parser.column + 1);
  });
  parser.on('closetag', (tag) => {
    events++;
    depth--;
    listener.close(localName(tag.name));
  });
  const text = (piece: string): void => {
    events++;
    if (piece.length > limits.cell) throw new Refusal('GW3009', here(), { params: { limit: limits.cell } });
    listener.text(piece);
  };
  parser.on('text', text);
  parser.on('cdata', text);
  return {
    write: (piece) => {
      const before = events;
      parser.write(piece);
      quiet = events === before ? quiet + piece.length : 0;
      if (quiet > limits.cell) throw new Refusal('GW3009', here(), { params: { limit: limits.cell } });
    },
    end: () => void parser.close(),
  };
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);
