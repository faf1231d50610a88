import { datasetRules } from '../rules/dataset.ts';
import { VirusProblem } from '../rules/problem.ts';
import type { Dataset, DatasetName } from './read.ts';

/** Where a data set or a record comes from, and what may be done with it: goes with it into every view that is made from it. */
export interface Terms {
  /** Who gave it: a name, or an address. */
  readonly source: string;
  /** SPDX identifier where there is one. */
  readonly license: string;
  /** Conditions of use in words, such as the citation asked for. */
  readonly terms: string;
}

/** One installed data set, as an index lists it. */
export interface Installed extends DatasetName, Terms {
  /** Bases of its reference. */
  readonly length: number;
  /** Leaves and inner nodes of its tree; 0 without one. */
  readonly nodes: number;
}

export const installedAs = (dataset: Dataset, terms: Terms): Installed => ({
  id: dataset.id,
  name: dataset.name,
  version: dataset.version,
  hash: dataset.hash,
  shortcuts: dataset.shortcuts,
  source: terms.source,
  license: terms.license,
  terms: terms.terms,
  length: dataset.reference.genome.length,
  nodes: dataset.tree?.parent.length ?? 0,
});

/**
 * The data set that a name means: id, name, shortcut or hash, each also with `@version`; of several versions the last by its tag. Throws {@link datasetRules.unknown}.
 */
export function findInstalled(index: readonly Installed[], asked: string): Installed {
  const [name = '', version] = asked.split('@', 2);
  const key = name.toLowerCase();
  const found = index
    .filter(
      (one) =>
        (one.id === key || one.name.toLowerCase() === key || one.shortcuts.includes(name) || one.hash === key) &&
        (version === undefined || one.version === version || one.hash.startsWith(version)),
    )
    .sort((a, b) => (a.version < b.version ? 1 : a.version > b.version ? -1 : a.hash < b.hash ? -1 : 1));
  if (found[0]) return found[0];
  const known = [...new Set(index.map(({ id, version }) => `${id}@${version}`))].sort().join(', ');
  throw new VirusProblem(datasetRules.unknown, { name: asked, known: known || '-' });
}

/** The hash that a data set must have. Throws {@link datasetRules.hash}. */
export function expectHash(found: string, expected: string): void {
  if (found !== expected.toLowerCase()) throw new VirusProblem(datasetRules.hash, { found, expected });
}
