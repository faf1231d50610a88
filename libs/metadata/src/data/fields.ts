import type { Choice, Field, FieldType, NullPolicy, Requirement, TextFormat } from '../checklist/checklist.ts';
import type { Vocabulary } from '../vocabulary/vocabulary.ts';
import { countries } from './vocabularies/countries.ts';
import { diseaseOutcome, healthState, organelle, ploidy, relToOxygen, sampleCapture, sex, tissueState } from './vocabularies/sample.ts';

interface Facts {
  readonly en: string;
  readonly zh: string;
  readonly about: readonly [en: string, zh: string];
  readonly type?: FieldType;
  readonly examples?: readonly string[];
  readonly synonyms?: readonly string[];
  readonly units?: readonly string[];
  readonly nulls?: NullPolicy;
  readonly multiple?: boolean;
}

/** A field before a checklist says how much it insists on it. */
type Draft = Omit<Field, 'requirement'>;

/** Describes a field once, for every checklist that asks for it. */
export function field(name: string, { en, zh, about, type = { kind: 'text', maxLength: 500 }, ...rest }: Facts): Draft {
  return { name, label: { en, zh }, description: { en: about[0], zh: about[1] }, type, ...rest };
}

const withNeed =
  (requirement: Requirement) =>
  (draft: Draft, over: Partial<Field> = {}): Field => ({ ...draft, requirement, ...over });

/** Sets how much a checklist insists on a field, with anything else that it changes. */
export const must = withNeed('mandatory');
export const should = withNeed('recommended');
export const may = withNeed('optional');

/** A choice from a vocabulary, self-contained so that a checklist can be sent without it. */
export const from = (vocabulary: Vocabulary, open = false): FieldType => ({
  kind: 'choice',
  vocabulary: vocabulary.name,
  values: vocabulary.terms.map(({ value, synonyms, label }): Choice => ({ value, ...(synonyms && { synonyms }), ...(label && { label }) })),
  ...(open && { open }),
});

export const text = (maxLength = 500, minLength = 0): FieldType => ({ kind: 'text', maxLength, ...(minLength > 0 && { minLength }) });
export const area: FieldType = { kind: 'textArea', maxLength: 10_000 };
export const format = (as: TextFormat): FieldType => ({ kind: 'text', format: as });
export const number = (minimum?: number, maximum?: number): FieldType => ({ kind: 'text', format: 'number', ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }) });
export const integer = (minimum = 0, maximum?: number): FieldType => ({ kind: 'text', format: 'integer', minimum, ...(maximum !== undefined && { maximum }) });
export const pattern = (source: string): FieldType => ({ kind: 'text', pattern: source });
export const date: FieldType = { kind: 'date', ranges: true };
export const day: FieldType = { kind: 'date' };
const ontology = (...ontologies: string[]): FieldType => ({ kind: 'ontology', ontologies });

export const organism = field('organism', { en: 'Organism', zh: '物种', about: ['Scientific name in the NCBI taxonomy, species or below.', 'NCBI 分类库中的学名，须为种或种以下等级。'], type: { kind: 'taxon', by: 'name' }, examples: ['Oryza sativa'], synonyms: ['scientific_name', 'organism name', 'species', 'sci_name', '物种名称', '学名'], nulls: 'forbidden' });
export const taxonomyId = field('taxonomy_id', { en: 'Taxonomy ID', zh: '分类编号', about: ['Identifier of the organism in the NCBI taxonomy.', '物种在 NCBI 分类库中的编号。'], type: { kind: 'taxon', by: 'id', of: 'organism' }, examples: ['4530'], synonyms: ['taxon_id', 'taxid', 'tax_id', 'taxon id', 'tax id', 'ncbi_taxid'], nulls: 'forbidden' });
export const description = field('description', { en: 'Description', zh: '描述', about: ['What else a reader should know.', '读者还应了解的内容。'], type: area, synonyms: ['sample_description', 'sample description'] });
export const collectionDate = field('collection_date', { en: 'Collection date', zh: '采集日期', about: ['When the sample was taken, as precisely as known; a range with "/". The year at least.', '采样时间，按已知精度填写；区间用“/”。至少填写年份。'], type: date, examples: ['2024-05-17', '2024-05', '2024-05-17/2024-05-20'], synonyms: ['collection date', 'sampling date', 'date of collection', '采样日期', '采样时间'], nulls: 'reported' });
export const geoLocName = field('geo_loc_name', { en: 'Geographic location', zh: '地理位置', about: ['Country or sea of the INSDC list, then region and locality: Country:region, locality.', 'INSDC 列表中的国家或海域，后接地区和具体地点：国家:地区, 地点。'], type: format('geo_loc_name'), examples: ['China:Guangdong, Shenzhen'], synonyms: ['geographic location', 'geographic location (country and/or sea)', 'geographic location (country and/or sea,region)', 'country', 'location', '采集地点', '国家'], nulls: 'reported' });
export const latLon = field('lat_lon', { en: 'Latitude and longitude', zh: '经纬度', about: ['Point of collection in decimal degrees (WGS84), latitude first.', '采样点坐标（WGS84 十进制度），先纬度后经度。'], type: format('lat_lon'), examples: ['22.5431 N 114.0579 E', '22.5431 114.0579'], synonyms: ['latitude and longitude', 'coordinates', 'gps', '坐标'] });
export const collectedBy = field('collected_by', { en: 'Collected by', zh: '采集者', about: ['Person or institution that took the sample.', '采集样本的人员或机构。'], examples: ['Shenzhen CDC'], synonyms: ['collector', 'collector name', 'collecting institution', '采集人', '采集单位'] });
export const isolationSource = field('isolation_source', { en: 'Isolation source', zh: '分离来源', about: ['What the organism was isolated from: body site, material, place.', '分离自何处：身体部位、材料或环境。'], examples: ['nasopharyngeal swab', 'paddy soil'], synonyms: ['isolation source', 'isolation source host-associated', 'isolation source non-host-associated', '来源'] });
export const isolate = field('isolate', { en: 'Isolate', zh: '分离株', about: ['Your identifier of the individual isolate or specimen.', '个体分离株或标本的编号。'], examples: ['SZ-2024-017'], nulls: 'forbidden', type: text(200) });
export const strain = field('strain', { en: 'Strain', zh: '菌株/品系', about: ['Name of the strain, as in the literature or a collection.', '文献或保藏中心使用的菌株或品系名。'], examples: ['K-12 MG1655'], nulls: 'forbidden', type: text(200) });
export const cultivar = field('cultivar', { en: 'Cultivar', zh: '栽培品种', about: ['Cultivated variety.', '栽培品种名。'], examples: ['Nipponbare'], nulls: 'forbidden', synonyms: ['variety', '品种'] });
export const ecotype = field('ecotype', { en: 'Ecotype', zh: '生态型', about: ['Population adapted to a habitat.', '适应特定生境的群体。'], examples: ['Col-0'], nulls: 'forbidden' });
export const breed = field('breed', { en: 'Breed', zh: '品种', about: ['Breed of a domesticated animal.', '家养动物的品种。'], examples: ['Duroc'], nulls: 'forbidden' });
export const sexField = field('sex', { en: 'Sex', zh: '性别', about: ['Sex of the sampled organism.', '采样个体的性别。'], type: from(sex), synonyms: ['gender', '性别'] });
export const age = field('age', { en: 'Age', zh: '年龄', about: ['Age at sampling; give the unit.', '采样时年龄，请注明单位。'], type: number(0), units: ['year', 'month', 'week', 'day', 'hour'], examples: ['35'] });
export const devStage = field('dev_stage', { en: 'Developmental stage', zh: '发育阶段', about: ['Stage of development at sampling.', '采样时的发育阶段。'], examples: ['adult', 'seedling'], synonyms: ['development stage', 'developmental stage', '发育时期'] });
export const tissue = field('tissue', { en: 'Tissue', zh: '组织', about: ['Tissue or organ that was sampled.', '采样的组织或器官。'], examples: ['liver', 'root'], synonyms: ['tissue_type', 'organism part', 'organ', 'body_site', '器官'] });
export const cellType = field('cell_type', { en: 'Cell type', zh: '细胞类型', about: ['Type of the cells, if sorted or cultured.', '分选或培养的细胞类型。'], examples: ['CD4+ T cell'] });
export const cellLine = field('cell_line', { en: 'Cell line', zh: '细胞系', about: ['Name of the cell line.', '细胞系名称。'], examples: ['HEK293T'], nulls: 'forbidden', synonyms: ['cellline', 'cell line name'] });
export const cellLineId = field('cell_line_id', { en: 'Cellosaurus accession', zh: 'Cellosaurus 编号', about: ['Accession of the line in Cellosaurus.', '细胞系在 Cellosaurus 中的编号。'], type: pattern('CVCL_[A-Z0-9]{4}'), examples: ['CVCL_0063'] });
export const passage = field('passage_history', { en: 'Passage', zh: '传代', about: ['Number or history of passages.', '传代次数或历史。'], examples: ['P12'], synonyms: ['passage', 'cell passage'] });
export const biomaterialProvider = field('biomaterial_provider', { en: 'Biomaterial provider', zh: '生物材料提供者', about: ['Person, laboratory or collection that the material came from.', '提供材料的人员、实验室或保藏机构。'], examples: ['ATCC'], synonyms: ['biomaterial provider', 'provider'] });
export const cultureCollection = field('culture_collection', { en: 'Culture collection', zh: '菌种保藏号', about: ['Institution code and number of the culture.', '保藏机构代码与编号。'], examples: ['CGMCC:1.1'], type: pattern('[A-Za-z0-9<>-]{2,20}:.{1,100}') });
export const specimenVoucher = field('specimen_voucher', { en: 'Specimen voucher', zh: '凭证标本', about: ['Institution code and number of the voucher specimen.', '凭证标本的机构代码与编号。'], examples: ['PE:01234567'] });
export const genotype = field('genotype', { en: 'Genotype', zh: '基因型', about: ['Genotype that was observed.', '观察到的基因型。'], examples: ['Cre+/-'] });
export const phenotype = field('phenotype', { en: 'Phenotype', zh: '表型', about: ['Phenotype of the sampled organism.', '采样个体的表型。'], multiple: true });
export const disease = field('disease', { en: 'Disease', zh: '疾病', about: ['Disease of the sampled organism or donor.', '采样个体或供者的疾病。'], examples: ['hepatocellular carcinoma'], multiple: true, synonyms: ['host_disease', 'diagnosis', '诊断'] });
export const treatment = field('treatment', { en: 'Treatment', zh: '处理', about: ['Treatment before sampling.', '采样前的处理。'], examples: ['drought, 7 days'], multiple: true });
export const replicate = field('replicate', { en: 'Replicate', zh: '重复', about: ['Which biological replicate this is.', '第几个生物学重复。'], examples: ['biological replicate 1'], synonyms: ['biological replicate', '生物学重复'] });
export const population = field('population', { en: 'Population', zh: '群体', about: ['Population group; for people only what the consent allows.', '群体；涉及人群时仅限知情同意范围内的信息。'], synonyms: ['ethnicity'] });
export const donorId = field('donor_id', { en: 'Donor identifier', zh: '供者编号', about: ['Pseudonym of the donor; never a name or an identity number.', '供者假名编号；不得填写姓名或身份证号。'], examples: ['D017'], type: pattern('[A-Za-z0-9_.-]{1,50}'), synonyms: ['subject_id', 'host subject id', 'host_subject_id', 'patient_id', '受试者编号'], nulls: 'forbidden' });
export const ethics = field('ethics_approval', { en: 'Ethics approval', zh: '伦理批件号', about: ['Number of the approval of the ethics committee.', '伦理委员会批件号。'], examples: ['BGI-IRB 24017'] });
export const preservation = field('preservation', { en: 'Preservation', zh: '保存方式', about: ['How the material was kept until use.', '材料使用前的保存方式。'], type: from(tissueState, true), synonyms: ['samp_store', '保存条件'] });
export const storageTemperature = field('samp_store_temp', { en: 'Storage temperature', zh: '保存温度', about: ['Temperature at which the sample was stored.', '样本保存温度。'], type: number(-273.15, 200), units: ['°C'], examples: ['-80'] });
export const host = field('host', { en: 'Host', zh: '宿主', about: ['Scientific name of the natural host.', '自然宿主的学名。'], type: { kind: 'taxon', by: 'name' }, examples: ['Homo sapiens'], synonyms: ['host scientific name', 'host_scientific_name', 'host organism', '宿主物种'] });
export const hostTaxid = field('host_taxid', { en: 'Host taxonomy ID', zh: '宿主分类编号', about: ['NCBI taxonomy identifier of the host.', '宿主的 NCBI 分类编号。'], type: { kind: 'taxon', by: 'id', of: 'host' }, examples: ['9606'] });
export const hostDisease = field('host_disease', { en: 'Host disease', zh: '宿主疾病', about: ['Disease of the host from which the pathogen was taken.', '分离病原的宿主所患疾病。'], examples: ['COVID-19'] });
export const hostSex = field('host_sex', { en: 'Host sex', zh: '宿主性别', about: ['Sex of the host.', '宿主性别。'], type: from(sex), synonyms: ['host sex'] });
export const hostAge = field('host_age', { en: 'Host age', zh: '宿主年龄', about: ['Age of the host at sampling; give the unit.', '采样时宿主年龄，请注明单位。'], type: number(0), units: ['year', 'month', 'week', 'day'], examples: ['35'] });
export const hostHealthState = field('host_health_state', { en: 'Host health state', zh: '宿主健康状态', about: ['Health of the host at sampling.', '采样时宿主的健康状态。'], type: from(healthState), synonyms: ['host health state'] });
export const hostDiseaseOutcome = field('host_disease_outcome', { en: 'Host disease outcome', zh: '宿主疾病结局', about: ['How the disease ended.', '疾病结局。'], type: from(diseaseOutcome), synonyms: ['host disease outcome'] });
export const hostSubjectId = field('host_subject_id', { en: 'Host subject identifier', zh: '宿主个体编号', about: ['Pseudonym of the individual host.', '宿主个体的假名编号。'], type: pattern('[A-Za-z0-9_.#-]{1,100}'), examples: ['C026'], synonyms: ['host subject id'] });
export const hostTissue = field('host_tissue_sampled', { en: 'Sampled host tissue', zh: '采样的宿主组织', about: ['Tissue or material of the host that was sampled.', '采样的宿主组织或材料。'], examples: ['feces'] });
export const purposeOfSampling = field('purpose_of_sampling', { en: 'Purpose of sampling', zh: '采样目的', about: ['Why the sample was taken.', '采样原因。'], type: from(sampleCapture, true), synonyms: ['sample capture status'] });
export const serotype = field('serotype', { en: 'Serotype', zh: '血清型', about: ['Serological variety.', '血清型别。'], examples: ['H1N1'], synonyms: ['serovar'] });
export const subgroup = field('lineage', { en: 'Lineage', zh: '谱系', about: ['Lineage or clade, with the nomenclature.', '谱系或分支，并注明命名体系。'], examples: ['BA.2.86 (Pango)'] });
export const virusIdentifier = field('virus_identifier', { en: 'Virus identifier', zh: '病毒编号', about: ['Laboratory identifier of the virus.', '实验室的病毒编号。'], synonyms: ['virus identifier'], examples: ['hRSV/A/China/SZ-17/2024'] });
export const labHost = field('lab_host', { en: 'Laboratory host', zh: '实验室宿主', about: ['Host used to propagate the organism.', '用于扩增的实验室宿主。'], examples: ['Vero E6'] });
export const antibiogram = field('antibiogram', { en: 'Antibiogram', zh: '药敏结果', about: ['Where the susceptibility results stand.', '药敏结果的位置。'] });
export const samplingFood = field('food_product', { en: 'Food product', zh: '食品', about: ['Food or feed that was sampled.', '采样的食品或饲料。'], examples: ['raw chicken breast'] });
export const envBroadScale = field('env_broad_scale', { en: 'Broad-scale environment', zh: '大尺度环境', about: ['Biome, as an ENVO term.', '生物群系，使用 ENVO 术语。'], type: ontology('ENVO'), examples: ['cropland biome [ENVO:01000245]'], synonyms: ['broad-scale environmental context', 'environment (biome)'] });
export const envLocalScale = field('env_local_scale', { en: 'Local-scale environment', zh: '局部环境', about: ['Surroundings of the sample, as an ENVO or UBERON term.', '样本周围环境，使用 ENVO 或 UBERON 术语。'], type: ontology('ENVO', 'UBERON', 'PO', 'FOODON'), examples: ['paddy field [ENVO:00000296]'], synonyms: ['local environmental context', 'environment (feature)'] });
export const envMedium = field('env_medium', { en: 'Environmental medium', zh: '环境介质', about: ['Material around the sample, as an ENVO or UBERON term.', '样本所处的介质，使用 ENVO 或 UBERON 术语。'], type: ontology('ENVO', 'UBERON', 'PO', 'FOODON'), examples: ['soil [ENVO:00001998]'], synonyms: ['environmental medium', 'environment (material)'] });
export const depth = field('depth', { en: 'Depth', zh: '深度', about: ['Depth below the surface.', '距表面的深度。'], type: number(0, 12_000), units: ['m', 'cm', 'mm'], examples: ['0.2'] });
export const elevation = field('elev', { en: 'Elevation', zh: '海拔', about: ['Elevation above sea level.', '海拔高度。'], type: number(-12_000, 9_000), units: ['m'], examples: ['45'], synonyms: ['elevation', '海拔高度'] });
export const temperature = field('temp', { en: 'Temperature', zh: '温度', about: ['Temperature of the sample at the time of sampling.', '采样时样本温度。'], type: number(-273.15, 500), units: ['°C'], examples: ['25.4'], synonyms: ['temperature'] });
export const ph = field('ph', { en: 'pH', zh: 'pH', about: ['pH of the sample or its medium.', '样本或介质的 pH。'], type: number(0, 14), examples: ['6.8'] });
export const salinity = field('salinity', { en: 'Salinity', zh: '盐度', about: ['Salinity of water or soil.', '水体或土壤的盐度。'], type: number(0, 400), units: ['psu'], examples: ['34.5'] });
export const sampVol = field('samp_size', { en: 'Amount of sample', zh: '样本量', about: ['Amount of material that was collected.', '采集的材料量。'], type: number(0), units: ['g', 'mg', 'kg', 'mL', 'L', 'µL'], examples: ['5'], synonyms: ['amount or size of sample collected', 'sample_size'] });
export const collectMethod = field('samp_collect_method', { en: 'Collection method', zh: '采样方法', about: ['How the sample was taken.', '采样方法。'], examples: ['soil core'], synonyms: ['sample collection method'] });
export const hostDiet = field('host_diet', { en: 'Host diet', zh: '宿主饮食', about: ['Usual diet of the host.', '宿主的日常饮食。'] });
export const medication = field('host_medication', { en: 'Host medication', zh: '宿主用药', about: ['Medicines, especially antibiotics, before sampling.', '采样前用药，尤其是抗生素。'], multiple: true });
export const substrate = field('substrate', { en: 'Substrate', zh: '基质', about: ['What a fungus grew on.', '真菌生长的基质。'], examples: ['oak wood'] });
export const matingType = field('mating_type', { en: 'Mating type', zh: '交配型', about: ['Mating type of the strain.', '菌株的交配型。'], examples: ['MATa'] });
export const growthConditions = field('growth_condition', { en: 'Growth conditions', zh: '培养条件', about: ['Medium, light, temperature, time.', '培养基、光照、温度、时间。'], synonyms: ['growth conditions', 'culture condition'] });
export const ploidyField = field('ploidy', { en: 'Ploidy', zh: '倍性', about: ['Ploidy of the genome.', '基因组倍性。'], type: from(ploidy) });
export const oxygen = field('rel_to_oxygen', { en: 'Relation to oxygen', zh: '需氧性', about: ['Whether the organism needs oxygen.', '对氧气的需求。'], type: from(relToOxygen), synonyms: ['relationship to oxygen'] });
export const estimatedSize = field('estimated_size', { en: 'Estimated genome size', zh: '估计基因组大小', about: ['Size of the genome before sequencing, in base pairs.', '测序前估计的基因组大小。'], type: integer(1), units: ['bp', 'kb', 'Mb', 'Gb'], examples: ['4600000'] });
export const organelleField = field('organelle', { en: 'Organelle', zh: '细胞器', about: ['Organelle that the material was taken from.', '材料来自的细胞器。'], type: from(organelle) });
export const syntheticDesign = field('construct_design', { en: 'Design', zh: '设计', about: ['What was designed and for what purpose.', '设计内容与目的。'], type: area });
export const parentOrganism = field('parent_organism', { en: 'Organism of origin', zh: '来源物种', about: ['Natural organism that parts of the construct come from.', '构建体各部分所来自的天然物种。'], type: { kind: 'taxon', by: 'name' }, multiple: true });
export const chassis = field('chassis', { en: 'Chassis', zh: '底盘生物', about: ['Organism or cell that carries the construct.', '承载构建体的生物或细胞。'], type: { kind: 'taxon', by: 'name' }, examples: ['Escherichia coli'] });
export const vector = field('vector', { en: 'Vector', zh: '载体', about: ['Plasmid or vector.', '质粒或载体。'], examples: ['pET-28a'] });
export const biosafety = field('biosafety_level', { en: 'Biosafety level', zh: '生物安全等级', about: ['Containment at which the material was handled.', '操作材料时的生物安全防护等级。'], type: { kind: 'choice', values: ['BSL-1', 'BSL-2', 'BSL-3', 'BSL-4'].map((value) => ({ value })) }, examples: ['BSL-2'] });
export const receiptDate = field('receipt_date', { en: 'Receipt date', zh: '接收日期', about: ['Day on which the sample was received.', '收到样本的日期。'], type: day, synonyms: ['receipt date'] });
export const collectingPlaceCountry = field('country', { en: 'Country or sea', zh: '国家或海域', about: ['Country or sea of the INSDC list.', 'INSDC 列表中的国家或海域。'], type: { kind: 'choice', vocabulary: 'country', values: countries.filter(({ historical }) => !historical).map(({ value, synonyms, label }): Choice => ({ value, ...(synonyms && { synonyms }), ...(label && { label }) })) } });
