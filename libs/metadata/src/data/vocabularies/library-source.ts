import type { Vocabulary } from '../../vocabulary/vocabulary.ts';

/** Kind of source material of a library. */
export const librarySource: Vocabulary = {
  name: "library_source",
  version: "2026-11",
  source: "SRA/ENA schema 1.6 (SRA.experiment.xsd, SRA.common.xsd)",
  terms: [
    { value: "GENOMIC", label: {"en": "GENOMIC", "zh": "基因组"} },
    { value: "GENOMIC SINGLE CELL", label: {"en": "GENOMIC SINGLE CELL", "zh": "单细胞基因组"} },
    { value: "TRANSCRIPTOMIC", label: {"en": "TRANSCRIPTOMIC", "zh": "转录组"} },
    { value: "TRANSCRIPTOMIC SINGLE CELL", label: {"en": "TRANSCRIPTOMIC SINGLE CELL", "zh": "单细胞转录组"} },
    { value: "METAGENOMIC", label: {"en": "METAGENOMIC", "zh": "宏基因组"} },
    { value: "METATRANSCRIPTOMIC", label: {"en": "METATRANSCRIPTOMIC", "zh": "宏转录组"} },
    { value: "SYNTHETIC", label: {"en": "SYNTHETIC", "zh": "人工合成"} },
    { value: "VIRAL RNA", label: {"en": "VIRAL RNA", "zh": "病毒RNA"} },
    { value: "OTHER", label: {"en": "OTHER", "zh": "其他"} },
  ],
};
