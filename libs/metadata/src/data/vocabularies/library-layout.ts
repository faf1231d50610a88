import type { Vocabulary } from '../../vocabulary/vocabulary.ts';

/** Whether reads come single or in pairs. */
export const libraryLayout: Vocabulary = {
  name: "library_layout",
  version: "2026-11",
  source: "SRA/ENA schema 1.6 (SRA.experiment.xsd, SRA.common.xsd)",
  terms: [
    { value: "SINGLE", synonyms: ["single-end", "fragment", "single end", "SE", "fragment/single"], label: {"en": "SINGLE", "zh": "单端"} },
    { value: "PAIRED", synonyms: ["paired-end", "paired end", "PE"], label: {"en": "PAIRED", "zh": "双端"} },
  ],
};
