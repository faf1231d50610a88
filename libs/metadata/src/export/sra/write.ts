import type { ArchiveRecord } from '../../model/record.ts';
import { objectTypes } from '../../model/record.ts';
import { collectLosses } from '../loss.ts';
import type { Export } from '../loss.ts';
import { documents } from './documents.ts';
import { node, writeNode } from './node.ts';
import { sourceOf } from './source.ts';

export interface SraOptions {
  /** Identifier of a scientific name, for samples that give only the name: SAMPLE requires one. */
  readonly taxonId?: (name: string) => number | undefined;
}

/**
 * Writes PROJECT_SET, SAMPLE_SET, EXPERIMENT_SET and RUN_SET documents that hold to the SRA/ENA schemas, and tells what they
 * cannot carry. A record that lacks what its schema requires is left out and reported.
 */
export function writeSraXml(records: readonly ArchiveRecord[], options: SraOptions = {}): Export {
  const { taxonId = () => undefined } = options;
  const { losses, lose } = collectLosses();
  const byType = Map.groupBy(records, ({ type }) => type);
  const files = objectTypes.flatMap((type) => {
    const group = byType.get(type) ?? [];
    const document = documents[type];
    if (!document) {
      for (const record of group) lose(record, '*', 'no_document');
      return [];
    }
    const nodes = group.flatMap((record) => document.write(sourceOf(record, lose, taxonId)) ?? []);
    if (nodes.length === 0) return [];
    const xml = `<?xml version="1.0" encoding="UTF-8"?>\n${writeNode(node(document.set, {}, nodes))}`;
    return [{ name: `${type}.xml`, bytes: new TextEncoder().encode(xml) }];
  });
  return { files, losses };
}
