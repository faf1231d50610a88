import type { Vocabulary } from '../../vocabulary/vocabulary.ts';

/** Sequencing platforms; the last four are known here but not to INSDC. */
export const platform: Vocabulary = {
  name: "platform",
  version: "2026-11",
  source: "SRA/ENA schema 1.6 (SRA.experiment.xsd, SRA.common.xsd); CNSA and makers for platforms that INSDC does not list",
  terms: [
    { value: "ILLUMINA", label: {"en": "ILLUMINA", "zh": "Illumina"} },
    { value: "OXFORD_NANOPORE", synonyms: ["ONT", "Nanopore", "Oxford Nanopore Technologies"], label: {"en": "OXFORD_NANOPORE", "zh": "牛津纳米孔"} },
    { value: "PACBIO_SMRT", synonyms: ["PacBio", "Pacific Biosciences"], label: {"en": "PACBIO_SMRT", "zh": "PacBio 单分子实时测序"} },
    { value: "BGISEQ", synonyms: ["BGI"], label: {"en": "BGISEQ", "zh": "华大 BGISEQ"} },
    { value: "DNBSEQ", synonyms: ["MGI", "MGISEQ"], label: {"en": "DNBSEQ", "zh": "华大智造 DNBSEQ"} },
    { value: "LS454", synonyms: ["454", "Roche 454"], label: {"en": "LS454", "zh": "罗氏 454"} },
    { value: "ION_TORRENT", label: {"en": "ION_TORRENT", "zh": "Ion Torrent"} },
    { value: "CAPILLARY", synonyms: ["Sanger"], label: {"en": "CAPILLARY", "zh": "毛细管电泳（Sanger）"} },
    { value: "ELEMENT", synonyms: ["Element Biosciences"], label: {"en": "ELEMENT", "zh": "Element"} },
    { value: "AVITI", label: {"en": "AVITI", "zh": "AVITI"} },
    { value: "ULTIMA", synonyms: ["Ultima Genomics"], label: {"en": "ULTIMA", "zh": "Ultima"} },
    { value: "VELA_DIAGNOSTICS", label: {"en": "VELA_DIAGNOSTICS", "zh": "Vela Diagnostics"} },
    { value: "GENAPSYS", label: {"en": "GENAPSYS", "zh": "GenapSys"} },
    { value: "GENEMIND", synonyms: ["GeneMind Biosciences"], label: {"en": "GENEMIND", "zh": "真迈生物"} },
    { value: "TAPESTRI", synonyms: ["Mission Bio Tapestri"], label: {"en": "TAPESTRI", "zh": "Tapestri"} },
    { value: "HELICOS", label: {"en": "HELICOS", "zh": "Helicos"} },
    { value: "ABI_SOLID", synonyms: ["SOLiD"], label: {"en": "ABI_SOLID", "zh": "ABI SOLiD"} },
    { value: "COMPLETE_GENOMICS", synonyms: ["Complete Genomics Inc"], label: {"en": "COMPLETE_GENOMICS", "zh": "Complete Genomics"} },
    { value: "BIONANO", synonyms: ["Bionano Genomics"], label: {"en": "BIONANO", "zh": "Bionano 光学图谱"}, targets: {"ena": null, "ncbi": null, "ddbj": null} },
    { value: "CYCLONE", synonyms: ["CycloneSEQ"], label: {"en": "CYCLONE", "zh": "华大 CycloneSEQ"}, targets: {"ena": null, "ncbi": null, "ddbj": null} },
    { value: "SALUS", synonyms: ["Salus BioMed"], label: {"en": "SALUS", "zh": "赛陆医疗"}, targets: {"ena": null, "ncbi": null, "ddbj": null} },
    { value: "SINGULAR_GENOMICS", synonyms: ["Singular Genomics"], label: {"en": "SINGULAR_GENOMICS", "zh": "Singular Genomics"}, targets: {"ena": null, "ncbi": null, "ddbj": null} },
  ],
};
