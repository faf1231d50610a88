import type { Rule } from '@geneward/metadata';
import { assemblyRules } from './assembly/rules.ts';
import { bamRules } from './bam/rules.ts';
import { cramRules } from './cram/rules.ts';
import { fastqRules } from './fastq/rules.ts';
import { gff3Rules } from './gff3/rules.ts';
import { indexRules } from './indexes/rules.ts';
import { layerRules } from './layers/rules.ts';
import { textRules } from './layers/text-rules.ts';
import { samRules } from './sam/rules.ts';
import { vcfRules } from './vcf/rules.ts';

/** Every rule about files (GW5…), for the catalogue, the documentation and the texts of findings. */
export const fileRules: readonly Rule[] = [
  layerRules,
  textRules,
  fastqRules,
  assemblyRules,
  samRules,
  bamRules,
  cramRules,
  indexRules,
  vcfRules,
  gff3Rules,
].flatMap((rules) => Object.values(rules));
