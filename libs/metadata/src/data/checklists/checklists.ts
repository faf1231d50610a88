import type { Checklist, Condition, Field, FieldGroup } from '../../checklist/checklist.ts';
import type { ObjectType } from '../../model/record.ts';
import type { Text } from '../../rules/rule.ts';
import { area, day, description, field, format, from, integer, may, must, number, organism, should, taxonomyId, text } from '../fields.ts';
import { analysisType, assemblyLevel, assemblyType, moleculeType, variationExperiment, variationKind } from '../vocabularies/analysis.ts';
import { instrument } from '../vocabularies/instrument.ts';
import { libraryLayout } from '../vocabularies/library-layout.ts';
import { librarySelection } from '../vocabularies/library-selection.ts';
import { librarySource } from '../vocabularies/library-source.ts';
import { libraryStrategy } from '../vocabularies/library-strategy.ts';
import { platform } from '../vocabularies/platform.ts';
import { projectDataType, relevance, sampleScope, studyType, umbrella } from '../vocabularies/project.ts';
import { cellIsolation, metaboliteTechnique } from '../vocabularies/sample.ts';

const checklistsVersion = '2026-11';

const group = (name: string, en: string, zh: string, fields: readonly Field[]): FieldGroup => ({ name, label: { en, zh }, restriction: 'any', fields });

const checklist = (object: ObjectType, label: Text, groups: readonly FieldGroup[], conditions: readonly Condition[] = []): Checklist => ({
  id: `GWC-${object.replace('_', '-')}`,
  version: checklistsVersion,
  object,
  label,
  description: label,
  authority: 'Geneward',
  groups,
  conditions,
});

const program = field('program', { en: 'Programs', zh: '程序', about: ['Programs with versions.', '程序及版本。'], examples: ['SPAdes 3.15.5'], synonyms: ['assembly_method', 'software', 'assembler'] });
const platformField = field('platform', { en: 'Platform', zh: '测序平台', about: ['Sequencing platform.', '测序平台。'], type: from(platform), synonyms: ['sequencing platform', '平台'] });
const moleculeTypeField = field('molecule_type', { en: 'Molecule', zh: '分子类型', about: ['Molecule that was sequenced.', '测序的分子类型。'], type: from(moleculeType), synonyms: ['moleculetype', 'mol_type'] });
const referenceAccession = field('reference_accession', { en: 'Reference', zh: '参考基因组', about: ['Accession of the reference assembly or sequence.', '参考组装或序列的编号。'], examples: ['GCA_000001405.29'], synonyms: ['reference', 'assembly_ref'] });

const project = checklist('project', { en: 'Project', zh: '项目' }, [
  group('what', 'What it is about', '项目内容', [
    must(field('summary', { en: 'Summary', zh: '摘要', about: ['Goals and scope in a few sentences.', '用几句话说明目标与范围。'], type: area, synonyms: ['study_abstract', 'abstract', 'study abstract', '项目摘要'] })),
    should(field('data_type', { en: 'Data types', zh: '数据类型', about: ['Kinds of data the project collects.', '项目收集的数据类型。'], type: from(projectDataType), multiple: true })),
    may(field('study_type', { en: 'ENA study type', zh: 'ENA 研究类型', about: ['Purpose of the study in ENA terms.', 'ENA 的研究类型。'], type: from(studyType) })),
    may(field('new_study_type', { en: 'Other study type', zh: '其他研究类型', about: ['When the study type is Other.', '研究类型为 Other 时填写。'] })),
    should(field('sample_scope', { en: 'Sample scope', zh: '样本范围', about: ['What the samples stand for.', '样本的代表范围。'], type: from(sampleScope) })),
    should(field('relevance', { en: 'Relevance', zh: '相关领域', about: ['Field that the project matters to.', '项目的相关领域。'], type: from(relevance), multiple: true })),
    may(field('umbrella', { en: 'Umbrella', zh: '伞形项目', about: ['Whether the project only gathers other projects.', '是否仅用于汇集其他项目。'], type: from(umbrella) })),
  ]),
  group('who', 'Who', '人员', [
    should(field('principal_investigator', { en: 'Principal investigator', zh: '项目负责人', about: ['Person who answers for the project.', '对项目负责的人员。'], synonyms: ['pi'] })),
    may(field('contributors', { en: 'Contributors', zh: '贡献者', about: ['People who contributed.', '参与贡献的人员。'], multiple: true })),
    may(field('cooperating_entities', { en: 'Cooperating entities', zh: '合作单位', about: ['Institutions taking part, foreign ones included.', '参与单位，包括境外单位。'], multiple: true })),
    may(field('funding', { en: 'Funding', zh: '资助', about: ['Funder and grant number.', '资助方与项目号。'], multiple: true })),
  ]),
  group('publications', 'Publications', '文献', [
    may(field('publication_doi', { en: 'DOI', zh: 'DOI', about: ['DOI of a publication.', '文献 DOI。'], type: format('doi'), multiple: true, examples: ['10.1038/s41586-020-2008-3'] })),
    may(field('pubmed_id', { en: 'PubMed ID', zh: 'PubMed 编号', about: ['PubMed identifier.', 'PubMed 编号。'], type: text(50), multiple: true })),
  ]),
], [{ label: 'other study type', expression: "present([new_study_type]) implies [study_type] = 'Other'", error: { en: 'A new study type goes only with study type "Other".', zh: '仅当研究类型为“Other”时才可填写其他研究类型。' } }]);

const experiment = checklist('experiment', { en: 'Experiment', zh: '实验' }, [
  group('library', 'Library', '文库', [
    should(field('design_description', { en: 'Design', zh: '设计描述', about: ['How the experiment was set up.', '实验设计说明。'], type: area })),
    must(field('library_name', { en: 'Library name', zh: '文库名称', about: ['Your name of the library.', '文库名称。'], type: text(200) })),
    must(field('library_strategy', { en: 'Strategy', zh: '测序策略', about: ['Sequencing technique.', '测序技术。'], type: from(libraryStrategy), examples: ['WGS'], synonyms: ['strategy'] })),
    must(field('library_source', { en: 'Source', zh: '文库来源', about: ['Kind of source material.', '来源材料类型。'], type: from(librarySource), examples: ['GENOMIC'], synonyms: ['source'] })),
    must(field('library_selection', { en: 'Selection', zh: '文库筛选', about: ['How the target was enriched.', '目标富集方法。'], type: from(librarySelection), examples: ['RANDOM'], synonyms: ['selection'] })),
    must(field('library_layout', { en: 'Layout', zh: '文库布局', about: ['Single or paired reads.', '单端或双端。'], type: from(libraryLayout), examples: ['PAIRED'], synonyms: ['layout'] })),
    may(field('nominal_length', { en: 'Insert size', zh: '插入片段长度', about: ['Expected insert size of paired reads.', '双端读段的预期插入片段长度。'], type: integer(1, 9_999_999), synonyms: ['nominal_size', 'insert_size', 'insert size'] })),
    may(field('nominal_sdev', { en: 'Insert size deviation', zh: '插入片段标准差', about: ['Standard deviation of the insert size.', '插入片段长度的标准差。'], type: number(0) })),
    may(field('library_construction_protocol', { en: 'Library protocol', zh: '建库方案', about: ['How the library was made.', '建库方法。'], type: area })),
    may(field('spot_layout', { en: 'Spot layout', zh: '读段结构', about: ['Where technical reads stand.', '技术序列所在位置。'], type: area })),
  ]),
  group('sequencing', 'Sequencing', '测序', [
    must(platformField),
    must(field('instrument_model', { en: 'Instrument', zh: '仪器型号', about: ['Model of the sequencer.', '测序仪型号。'], type: from(instrument), examples: ['DNBSEQ-T7'], synonyms: ['instrument', 'instrument model', '测序仪'] })),
  ]),
], [{ label: 'insert size of paired libraries', expression: "present([nominal_length]) implies [library_layout] = 'PAIRED'", error: { en: 'Only paired libraries have an insert size.', zh: '只有双端文库才有插入片段长度。' } }]);

const run = checklist('run', { en: 'Run', zh: '测序运行' }, [
  group('run', 'Run', '测序运行', [
    may(field('run_date', { en: 'Run date', zh: '测序日期', about: ['Day on which the run was made.', '测序日期。'], type: day })),
    may(field('run_center', { en: 'Run centre', zh: '测序机构', about: ['Where the run was made.', '测序机构。'] })),
    may(referenceAccession),
    may(field('reference_fasta', { en: 'Reference FASTA', zh: '参考 FASTA', about: ['File name of the reference that aligned reads need.', '比对读段所需参考序列的文件名。'] })),
  ]),
]);

const assembly = checklist('assembly', { en: 'Assembly', zh: '组装' }, [
  group('assembly', 'Assembly', '组装', [
    must(field('assembly_name', { en: 'Name', zh: '组装名称', about: ['Name of the assembly.', '组装名称。'], type: { kind: 'text', maxLength: 100, pattern: '[A-Za-z0-9 _.#-]+' }, examples: ['ASM_SZ17_v1'] })),
    must(field('assembly_type', { en: 'Type', zh: '组装类型', about: ['What was assembled.', '组装对象。'], type: from(assemblyType) })),
    should(field('assembly_level', { en: 'Level', zh: '组装水平', about: ['Highest level reached.', '达到的最高水平。'], type: from(assemblyLevel) })),
    must(field('coverage', { en: 'Coverage', zh: '覆盖度', about: ['Mean depth of reads, fold.', '平均测序深度（倍）。'], type: number(0.000001), examples: ['120'] })),
    must(program),
    must(platformField, { multiple: true }),
    may(field('min_gap_length', { en: 'Shortest gap', zh: '最短缺口', about: ['Least run of Ns that is a gap.', '视为缺口的最短 N 长度。'], type: integer(0), synonyms: ['mingaplength'] })),
    should(moleculeTypeField),
    may(referenceAccession),
    may(field('tpa', { en: 'Third-party data', zh: '第三方数据', about: ['Whether it rests on the reads of others.', '是否基于他人数据。'], type: from(umbrella) })),
    may(description),
  ]),
]);

const variation = checklist('variation', { en: 'Variation', zh: '变异' }, [
  group('variation', 'Variation', '变异', [
    must(field('variation_kind', { en: 'Kind', zh: '变异类别', about: ['SNP and small indels, structural, or clinical.', '小变异、结构变异或临床变异。'], type: from(variationKind) })),
    must(referenceAccession),
    should(field('experiment_type', { en: 'Experiment type', zh: '实验类型', about: ['How genotypes were found.', '基因型检测方法。'], type: from(variationExperiment), multiple: true })),
    must(program),
    should(platformField, { multiple: true }),
    may(field('imputation', { en: 'Imputed', zh: '基因型填充', about: ['Whether genotypes were imputed.', '是否经过基因型填充。'], type: from(umbrella) })),
    may(field('phasing', { en: 'Phased', zh: '定相', about: ['Whether genotypes are phased.', '基因型是否定相。'], type: from(umbrella) })),
    may(description),
  ]),
]);

const sequence = checklist('sequence', { en: 'Sequence', zh: '序列' }, [
  group('sequence', 'Sequence', '序列', [
    must(moleculeTypeField),
    should(field('topology', { en: 'Topology', zh: '拓扑结构', about: ['Linear or circular.', '线状或环状。'], type: { kind: 'choice', values: [{ value: 'linear', label: { en: 'linear', zh: '线状' } }, { value: 'circular', label: { en: 'circular', zh: '环状' } }] } })),
    should(field('completeness', { en: 'Completeness', zh: '完整性', about: ['Complete or partial.', '完整或部分。'], type: { kind: 'choice', values: [{ value: 'complete', label: { en: 'complete', zh: '完整' } }, { value: 'partial', label: { en: 'partial', zh: '部分' } }] } })),
    may(field('gene', { en: 'Gene', zh: '基因', about: ['Gene or marker.', '基因或标记。'], multiple: true })),
    may(field('segment', { en: 'Segment', zh: '节段', about: ['Segment of a segmented genome.', '分节段基因组的节段。'] })),
    may(program),
    may(platformField, { multiple: true }),
    may(field('coverage', { en: 'Coverage', zh: '覆盖度', about: ['Mean depth of reads, fold.', '平均测序深度（倍）。'], type: number(0) })),
    may(description),
  ]),
]);

const metabolism = checklist('metabolism', { en: 'Metabolism', zh: '代谢' }, [
  group('assay', 'Assay', '检测', [
    must(field('technique', { en: 'Technique', zh: '技术', about: ['Technique of the assay.', '检测技术。'], type: from(metaboliteTechnique, true) })),
    must(field('instrument', { en: 'Instrument', zh: '仪器', about: ['Maker and model.', '厂商与型号。'], examples: ['Thermo Q Exactive HF'] })),
    should(field('ion_mode', { en: 'Ion mode', zh: '离子模式', about: ['Polarity of the scan.', '扫描极性。'], type: { kind: 'choice', values: [{ value: 'positive', label: { en: 'positive', zh: '正离子' } }, { value: 'negative', label: { en: 'negative', zh: '负离子' } }, { value: 'alternating', label: { en: 'alternating', zh: '交替' } }] }, multiple: true })),
    must(field('sample_extraction', { en: 'Extraction', zh: '样本提取', about: ['How metabolites were extracted.', '代谢物提取方法。'], type: area })),
    should(field('chromatography', { en: 'Chromatography', zh: '色谱', about: ['Column and gradient.', '色谱柱与梯度。'], type: area })),
    should(field('data_transformation', { en: 'Data processing', zh: '数据处理', about: ['From raw data to the table.', '从原始数据到结果表。'], type: area })),
    should(field('metabolite_identification', { en: 'Identification', zh: '代谢物鉴定', about: ['How metabolites were identified.', '代谢物鉴定方法。'], type: area })),
  ]),
]);

const singleCell = checklist('single_cell', { en: 'Single cell', zh: '单细胞' }, [
  group('cells', 'Cells', '细胞', [
    must(field('number_of_cells', { en: 'Number of cells', zh: '细胞数', about: ['Cells in the matrix.', '矩阵中的细胞数。'], type: integer(1), examples: ['8432'] })),
    should(field('number_of_genes', { en: 'Number of genes', zh: '基因数', about: ['Genes in the matrix.', '矩阵中的基因数。'], type: integer(1) })),
    should(field('isolation_method', { en: 'Isolation', zh: '分离方法', about: ['How cells were set apart.', '细胞分离方法。'], type: from(cellIsolation, true) })),
    must(field('library_kit', { en: 'Kit', zh: '试剂盒', about: ['Kit or protocol with version.', '试剂盒或方案及版本。'], examples: ["10x Chromium 3' v3.1", 'DNBelab C4'] })),
    should(referenceAccession),
    must(program),
    may(field('normalisation', { en: 'Normalisation', zh: '归一化', about: ['Raw counts, or how they were scaled.', '原始计数或归一化方法。'] })),
    may(description),
  ]),
]);

const analysis = checklist('analysis', { en: 'Analysis', zh: '分析' }, [
  group('analysis', 'Analysis', '分析', [
    must(field('analysis_type', { en: 'Type', zh: '分析类型', about: ['Kind of analysis.', '分析类型。'], type: from(analysisType) })),
    must(program),
    may(field('analysis_date', { en: 'Date', zh: '分析日期', about: ['Day on which the analysis was made.', '分析日期。'], type: day })),
    may(field('analysis_center', { en: 'Centre', zh: '分析机构', about: ['Where the analysis was made.', '分析机构。'] })),
    may(referenceAccession),
    may(organism),
    may(taxonomyId),
    should(description),
  ]),
]);

/** What every object type but the sample says about itself; samples have their sample types. */
export const objectChecklists: Readonly<Record<Exclude<ObjectType, 'sample'>, Checklist>> = {
  project,
  experiment,
  run,
  assembly,
  variation,
  sequence,
  metabolism,
  single_cell: singleCell,
  analysis,
};
