import type { Rule } from '@geneward/metadata';
import { datasetRules } from './dataset.ts';
import { sequenceRules } from './sequence.ts';
import { sourceRules } from './source.ts';
import { tableRules } from './table.ts';
import { treeRules } from './tree.ts';

/** Every rule about viruses (GW7…), for the catalogue, the documentation and the texts of findings. */
export const virusRules: readonly Rule[] = [sequenceRules, treeRules, datasetRules, tableRules, sourceRules].flatMap(
  (rules) => Object.values(rules),
);
