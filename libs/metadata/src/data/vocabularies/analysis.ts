import type { Vocabulary } from '../../vocabulary/vocabulary.ts';

/** Kinds of analysis. */
export const analysisType: Vocabulary = {
  name: "analysis_type",
  version: "2026-11",
  source: "SRA.analysis.xsd",
  terms: [
    { value: "REFERENCE_ALIGNMENT", label: {"en": "REFERENCE_ALIGNMENT", "zh": "参考比对"} },
    { value: "SEQUENCE_VARIATION", label: {"en": "SEQUENCE_VARIATION", "zh": "序列变异"} },
    { value: "SEQUENCE_ASSEMBLY", label: {"en": "SEQUENCE_ASSEMBLY", "zh": "序列组装"} },
    { value: "SEQUENCE_FLATFILE", label: {"en": "SEQUENCE_FLATFILE", "zh": "序列平面文件"} },
    { value: "SEQUENCE_ANNOTATION", label: {"en": "SEQUENCE_ANNOTATION", "zh": "序列注释"} },
    { value: "REFERENCE_SEQUENCE", label: {"en": "REFERENCE_SEQUENCE", "zh": "参考序列"} },
    { value: "SAMPLE_PHENOTYPE", label: {"en": "SAMPLE_PHENOTYPE", "zh": "样本表型"} },
    { value: "PROCESSED_READS", label: {"en": "PROCESSED_READS", "zh": "处理后读段"} },
    { value: "GENOME_MAP", label: {"en": "GENOME_MAP", "zh": "基因组图谱"} },
    { value: "AMR_ANTIBIOGRAM", label: {"en": "AMR_ANTIBIOGRAM", "zh": "耐药谱"} },
    { value: "PATHOGEN_ANALYSIS", label: {"en": "PATHOGEN_ANALYSIS", "zh": "病原分析"} },
    { value: "TRANSCRIPTOME_ASSEMBLY", label: {"en": "TRANSCRIPTOME_ASSEMBLY", "zh": "转录组组装"} },
    { value: "TAXONOMIC_REFERENCE_SET", label: {"en": "TAXONOMIC_REFERENCE_SET", "zh": "分类参考集"} },
    { value: "ASSEMBLY_ANNOTATION", label: {"en": "ASSEMBLY_ANNOTATION", "zh": "组装注释"} },
  ],
};

/** Kinds of variation that the archive keeps. */
export const variationKind: Vocabulary = {
  name: "variation_kind",
  version: "2026-11",
  source: "CNSA: SNP, SV, CAHV",
  terms: [
    { value: "SNP", synonyms: ["SNV", "InDel"], label: {"en": "SNP", "zh": "单核苷酸与小片段变异"} },
    { value: "SV", synonyms: ["structural variation"], label: {"en": "SV", "zh": "结构变异"} },
    { value: "CAHV", synonyms: ["clinical"], label: {"en": "CAHV", "zh": "临床相关人类变异"} },
  ],
};

/** Experiment behind a variation file. */
export const variationExperiment: Vocabulary = {
  name: "experiment_type",
  version: "2026-11",
  source: "SRA.analysis.xsd",
  terms: [
    { value: "Whole genome sequencing", synonyms: ["WGS"], label: {"en": "Whole genome sequencing", "zh": "全基因组测序"} },
    { value: "Exome sequencing", synonyms: ["WES", "WXS"], label: {"en": "Exome sequencing", "zh": "外显子组测序"} },
    { value: "Genotyping by array", label: {"en": "Genotyping by array", "zh": "芯片分型"} },
    { value: "Transcriptomics", label: {"en": "Transcriptomics", "zh": "转录组学"} },
    { value: "Curation", label: {"en": "Curation", "zh": "人工整理"} },
    { value: "Genotyping by sequencing", synonyms: ["GBS"], label: {"en": "Genotyping by sequencing", "zh": "测序分型"} },
    { value: "Target sequencing", label: {"en": "Target sequencing", "zh": "目标区域测序"} },
  ],
};

/** What an assembly was made of. */
export const assemblyType: Vocabulary = {
  name: "assembly_type",
  version: "2026-11",
  source: "ENA Webin genome manifest",
  terms: [
    { value: "clone or isolate", synonyms: ["isolate", "clone"], label: {"en": "clone or isolate", "zh": "克隆或分离株"} },
    { value: "primary metagenome", label: {"en": "primary metagenome", "zh": "初级宏基因组"} },
    { value: "binned metagenome", label: {"en": "binned metagenome", "zh": "分箱宏基因组"} },
    { value: "Metagenome-Assembled Genome (MAG)", synonyms: ["MAG"], label: {"en": "Metagenome-Assembled Genome (MAG)", "zh": "宏基因组组装基因组"} },
    { value: "Environmental Single-Cell Amplified Genome (SAG)", synonyms: ["SAG"], label: {"en": "Environmental Single-Cell Amplified Genome (SAG)", "zh": "环境单细胞扩增基因组"} },
    { value: "COVID-19 outbreak", label: {"en": "COVID-19 outbreak", "zh": "新冠疫情"} },
    { value: "clinical isolate assembly", label: {"en": "clinical isolate assembly", "zh": "临床分离株组装"} },
  ],
};

/** Highest level that an assembly reaches. */
export const assemblyLevel: Vocabulary = {
  name: "assembly_level",
  version: "2026-11",
  source: "ENA assembly levels",
  terms: [
    { value: "contig", label: {"en": "contig", "zh": "重叠群"} },
    { value: "scaffold", label: {"en": "scaffold", "zh": "支架"} },
    { value: "chromosome", label: {"en": "chromosome", "zh": "染色体"} },
    { value: "complete genome", label: {"en": "complete genome", "zh": "完整基因组"} },
  ],
};

/** Molecule of an assembled genome. */
export const moleculeType: Vocabulary = {
  name: "molecule_type",
  version: "2026-11",
  source: "ENA Webin genome manifest",
  terms: [
    { value: "genomic DNA", label: {"en": "genomic DNA", "zh": "基因组DNA"} },
    { value: "genomic RNA", label: {"en": "genomic RNA", "zh": "基因组RNA"} },
    { value: "viral cRNA", label: {"en": "viral cRNA", "zh": "病毒cRNA"} },
  ],
};

/** Kind of a replicon in a chromosome list. */
export const chromosomeType: Vocabulary = {
  name: "chromosome_type",
  version: "2026-11",
  source: "ENA chromosome list file",
  terms: [
    { value: "chromosome", label: {"en": "chromosome", "zh": "染色体"} },
    { value: "plasmid", label: {"en": "plasmid", "zh": "质粒"} },
    { value: "monopartite", label: {"en": "monopartite", "zh": "单分体"} },
    { value: "segmented", label: {"en": "segmented", "zh": "分节段"} },
    { value: "multipartite", label: {"en": "multipartite", "zh": "多分体"} },
    { value: "linkage_group", label: {"en": "linkage_group", "zh": "连锁群"} },
  ],
};

/** Topology of a replicon. */
export const chromosomeTopology: Vocabulary = {
  name: "chromosome_topology",
  version: "2026-11",
  source: "ENA chromosome list file",
  terms: [
    { value: "linear", label: {"en": "linear", "zh": "线状"} },
    { value: "circular", label: {"en": "circular", "zh": "环状"} },
  ],
};

/** Organelle or compartment of a replicon (18 terms). */
export const chromosomeLocation: Vocabulary = {
  name: "chromosome_location",
  version: "2026-11",
  source: "ENA chromosome list file",
  terms: [
    { value: "Nuclear", label: {"en": "Nuclear", "zh": "细胞核"} },
    { value: "Macronuclear", label: {"en": "Macronuclear", "zh": "大核"} },
    { value: "Nucleomorph", label: {"en": "Nucleomorph", "zh": "核形体"} },
    { value: "Mitochondrion", label: {"en": "Mitochondrion", "zh": "线粒体"} },
    { value: "Kinetoplast", label: {"en": "Kinetoplast", "zh": "动基体"} },
    { value: "Chloroplast", label: {"en": "Chloroplast", "zh": "叶绿体"} },
    { value: "Chromoplast", label: {"en": "Chromoplast", "zh": "有色体"} },
    { value: "Plastid", label: {"en": "Plastid", "zh": "质体"} },
    { value: "Virion", label: {"en": "Virion", "zh": "病毒粒子"} },
    { value: "Phage", label: {"en": "Phage", "zh": "噬菌体"} },
    { value: "Proviral", label: {"en": "Proviral", "zh": "前病毒"} },
    { value: "Prophage", label: {"en": "Prophage", "zh": "原噬菌体"} },
    { value: "Viroid", label: {"en": "Viroid", "zh": "类病毒"} },
    { value: "Cyanelle", label: {"en": "Cyanelle", "zh": "蓝小体"} },
    { value: "Apicoplast", label: {"en": "Apicoplast", "zh": "顶质体"} },
    { value: "Leucoplast", label: {"en": "Leucoplast", "zh": "白色体"} },
    { value: "Proplastid", label: {"en": "Proplastid", "zh": "前质体"} },
    { value: "Hydrogenosome", label: {"en": "Hydrogenosome", "zh": "氢化酶体"} },
  ],
};
