import { builtInVersion, mergedTaxa, taxonLines } from '../data/taxa.ts';
import { taxonomyBuilder } from './builder.ts';
import type { Taxonomy } from './taxonomy.ts';

let built: Taxonomy | undefined;

/** The organisms that most data come from, with Chinese and common names; made once, on first use. */
export function builtInTaxonomy(): Taxonomy {
  built ??= build();
  return built;
}

function build(): Taxonomy {
  const taxonomy = taxonomyBuilder();
  for (const line of taxonLines.trim().split('\n')) {
    const [id = '', parent = '', rank = '', name = '', others = ''] = line.split('|');
    taxonomy.node(Number(id), Number(parent), rank);
    taxonomy.name(Number(id), name, 'scientific name');
    for (const other of others.split(';'))
      if (other !== '') taxonomy.name(Number(id), other.replace(/^zh:/, ''), 'common name');
  }
  for (const [from, into] of mergedTaxa) taxonomy.merge(from, into);
  return taxonomy.finish(builtInVersion, false);
}
