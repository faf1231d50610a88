import type { Vocabulary } from '../../vocabulary/vocabulary.ts';

/** Kinds of data a project collects. */
export const projectDataType: Vocabulary = {
  name: "project_data_type",
  version: "2026-11",
  source: "CNSA/STOmics project standard",
  terms: [
    { value: "Genome sequencing and assembly", label: {"en": "Genome sequencing and assembly", "zh": "基因组测序与组装"} },
    { value: "Raw sequence reads", label: {"en": "Raw sequence reads", "zh": "原始测序数据"} },
    { value: "Genome sequencing", label: {"en": "Genome sequencing", "zh": "基因组测序"} },
    { value: "Assembly", label: {"en": "Assembly", "zh": "组装"} },
    { value: "Clone ends", label: {"en": "Clone ends", "zh": "克隆末端"} },
    { value: "Epigenomics", label: {"en": "Epigenomics", "zh": "表观基因组"} },
    { value: "Exome", label: {"en": "Exome", "zh": "外显子组"} },
    { value: "Map", label: {"en": "Map", "zh": "图谱"} },
    { value: "Metagenome", label: {"en": "Metagenome", "zh": "宏基因组"} },
    { value: "Metagenomic assembly", label: {"en": "Metagenomic assembly", "zh": "宏基因组组装"} },
    { value: "Phenotype or Genotype", label: {"en": "Phenotype or Genotype", "zh": "表型或基因型"} },
    { value: "Proteome", label: {"en": "Proteome", "zh": "蛋白质组"} },
    { value: "Random survey", label: {"en": "Random survey", "zh": "随机调查"} },
    { value: "Targeted loci cultured", label: {"en": "Targeted loci cultured", "zh": "培养物目标位点"} },
    { value: "Targeted loci environmental", label: {"en": "Targeted loci environmental", "zh": "环境目标位点"} },
    { value: "Targeted Locus (Loci)", synonyms: ["Targeted Locus"], label: {"en": "Targeted Locus (Loci)", "zh": "目标位点"} },
    { value: "Transcriptome or Gene expression", label: {"en": "Transcriptome or Gene expression", "zh": "转录组或基因表达"} },
    { value: "Variation", label: {"en": "Variation", "zh": "变异"} },
    { value: "Metabolome", label: {"en": "Metabolome", "zh": "代谢组"} },
    { value: "STomics", synonyms: ["Stereo-seq"], label: {"en": "STomics", "zh": "时空组学"} },
    { value: "Other", label: {"en": "Other", "zh": "其他"} },
  ],
};

/** What the samples of a project stand for. */
export const sampleScope: Vocabulary = {
  name: "sample_scope",
  version: "2026-11",
  source: "CNSA/STOmics project standard; NCBI BioProject",
  terms: [
    { value: "Monoisolate", label: {"en": "Monoisolate", "zh": "单一分离株"} },
    { value: "Multiisolate", label: {"en": "Multiisolate", "zh": "多分离株"} },
    { value: "Multispecies", label: {"en": "Multispecies", "zh": "多物种"} },
    { value: "Environment", label: {"en": "Environment", "zh": "环境"} },
    { value: "Synthetic", label: {"en": "Synthetic", "zh": "人工合成"} },
    { value: "Other", label: {"en": "Other", "zh": "其他"} },
  ],
};

/** Field that a project matters to. */
export const relevance: Vocabulary = {
  name: "relevance",
  version: "2026-11",
  source: "CNSA/STOmics project standard; NCBI BioProject",
  terms: [
    { value: "Agricultural", label: {"en": "Agricultural", "zh": "农业"} },
    { value: "Medical", label: {"en": "Medical", "zh": "医学"} },
    { value: "Industrial", label: {"en": "Industrial", "zh": "工业"} },
    { value: "Environmental", label: {"en": "Environmental", "zh": "环境"} },
    { value: "Evolution", label: {"en": "Evolution", "zh": "进化"} },
    { value: "Model organism", label: {"en": "Model organism", "zh": "模式生物"} },
    { value: "Other", label: {"en": "Other", "zh": "其他"} },
  ],
};

/** ENA study types. */
export const studyType: Vocabulary = {
  name: "study_type",
  version: "2026-11",
  source: "ENA study type enumeration",
  terms: [
    { value: "Whole Genome Sequencing", label: {"en": "Whole Genome Sequencing", "zh": "全基因组测序"} },
    { value: "Metagenomics", label: {"en": "Metagenomics", "zh": "宏基因组学"} },
    { value: "Transcriptome Analysis", label: {"en": "Transcriptome Analysis", "zh": "转录组分析"} },
    { value: "Resequencing", label: {"en": "Resequencing", "zh": "重测序"} },
    { value: "Epigenetics", label: {"en": "Epigenetics", "zh": "表观遗传学"} },
    { value: "Synthetic Genomics", label: {"en": "Synthetic Genomics", "zh": "合成基因组学"} },
    { value: "Forensic or Paleo-genomics", label: {"en": "Forensic or Paleo-genomics", "zh": "法医或古基因组学"} },
    { value: "Gene Regulation Study", label: {"en": "Gene Regulation Study", "zh": "基因调控研究"} },
    { value: "Cancer Genomics", label: {"en": "Cancer Genomics", "zh": "癌症基因组学"} },
    { value: "Population Genomics", label: {"en": "Population Genomics", "zh": "群体基因组学"} },
    { value: "RNASeq", synonyms: ["RNA-Seq"], label: {"en": "RNASeq", "zh": "转录组测序"} },
    { value: "Exome Sequencing", label: {"en": "Exome Sequencing", "zh": "外显子组测序"} },
    { value: "Pooled Clone Sequencing", label: {"en": "Pooled Clone Sequencing", "zh": "混合克隆测序"} },
    { value: "Transcriptome Sequencing", label: {"en": "Transcriptome Sequencing", "zh": "转录组测序（Transcriptome Sequencing）"} },
    { value: "Other", label: {"en": "Other", "zh": "其他"} },
  ],
};

/** Whether a project only gathers other projects. */
export const umbrella: Vocabulary = {
  name: "umbrella",
  version: "2026-11",
  source: "INSDC BioProject",
  terms: [
    { value: "no", synonyms: ["false", "n"], label: {"en": "no", "zh": "否"} },
    { value: "yes", synonyms: ["true", "y"], label: {"en": "yes", "zh": "是"} },
  ],
};
