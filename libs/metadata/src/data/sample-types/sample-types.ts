import type { Checklist, Field, FieldGroup, FieldType, Restriction } from '../../checklist/checklist.ts';
import type { Text } from '../../rules/rule.ts';
import * as f from '../fields.ts';

/** Version of the built-in sample types; it rises whenever one of them changes. */
export const sampleTypesVersion = '2026-11';

const groupNames = {
  organism: { en: 'Organism', zh: '物种' },
  identity: { en: 'Which one: at least one of', zh: '个体标识（至少填一项）' },
  collection: { en: 'Collection', zh: '采集' },
  host: { en: 'Host', zh: '宿主' },
  environment: { en: 'Environment', zh: '环境' },
  material: { en: 'Material', zh: '材料' },
  other: { en: 'Further', zh: '其他' },
} as const satisfies Record<string, Text>;

const group = (name: keyof typeof groupNames, fields: readonly Field[], restriction: Restriction = 'any'): FieldGroup => ({
  name,
  label: groupNames[name],
  restriction,
  fields,
});

interface Limits {
  readonly permitted?: readonly number[];
  readonly notPermitted?: readonly number[];
  readonly metagenome?: 'required' | 'refused';
}

const organismGroup = (limits: Limits, [name, id]: readonly [name: string, id: number]): FieldGroup => {
  const limited = (type: FieldType): FieldType => (type.kind === 'taxon' ? { ...type, ...limits } : type);
  return group('organism', [
    f.must(f.organism, { type: limited(f.organism.type), examples: [name] }),
    f.may(f.taxonomyId, { examples: [String(id)] }),
    f.should(f.description),
  ]);
};

const collected = (...more: readonly Field[]): FieldGroup =>
  group('collection', [f.must(f.collectionDate), f.must(f.geoLocName), f.should(f.latLon), f.may(f.collectedBy), ...more]);

const sampleType = (id: string, label: Text, description: Text, groups: readonly FieldGroup[], conditions: Checklist['conditions'] = []): Checklist => ({
  id: `GWC-${id}`,
  version: sampleTypesVersion,
  object: 'sample',
  label,
  description,
  authority: 'Geneward',
  groups,
  conditions,
});

// NCBI taxonomy: 2 Bacteria, 2157 Archaea, 10239 Viruses, 4751 Fungi, 33090 Viridiplantae, 33208 Metazoa, 9606 human,
// 3193 Embryophyta, 12908 unclassified sequences, 28384 other sequences. Limits follow DDBJ package_vs_organism rules.
const human = [9606];
const pathogens = [2, 10239, 4751];

export const sampleTypes: readonly Checklist[] = [
  sampleType('human', { en: 'Human', zh: '人类样本' }, { en: 'Material of a person, collected with consent.', zh: '经知情同意采集的人体材料。' }, [
    organismGroup({ permitted: human }, ['Homo sapiens', 9606]),
    group('identity', [f.must(f.donorId), f.must(f.sexField), f.should(f.age), f.may(f.population), f.may(f.ethics)]),
    collected(f.must(f.biomaterialProvider)),
    group('material', [f.must(f.tissue), f.may(f.cellType), f.should(f.disease), f.may(f.phenotype), f.may(f.treatment), f.may(f.preservation), f.may(f.storageTemperature), f.may(f.replicate)]),
  ]),
  sampleType('human-cell-line', { en: 'Human cell line', zh: '人类细胞系' }, { en: 'An established line of human cells.', zh: '已建立的人类细胞系。' }, [
    organismGroup({ permitted: human }, ['Homo sapiens', 9606]),
    group('identity', [f.must(f.cellLine), f.should(f.cellLineId), f.may(f.sexField)]),
    collected(f.must(f.biomaterialProvider)),
    group('material', [f.may(f.tissue), f.should(f.cellType), f.may(f.disease), f.should(f.passage), f.may(f.genotype), f.may(f.treatment), f.may(f.growthConditions), f.may(f.replicate)]),
  ]),
  sampleType('animal', { en: 'Animal', zh: '动物样本' }, { en: 'Material of an animal other than a person.', zh: '人以外的动物材料。' }, [
    organismGroup({ permitted: [33208], notPermitted: human, metagenome: 'refused' }, ['Mus musculus', 10090]),
    group('identity', [f.may(f.isolate), f.may(f.breed), f.may(f.strain), f.may(f.ecotype)], 'atLeastOne'),
    collected(f.should(f.biomaterialProvider)),
    group('material', [f.must(f.tissue), f.must(f.sexField), f.should(f.age), f.should(f.devStage), f.may(f.cellType), f.may(f.disease), f.may(f.genotype), f.may(f.phenotype), f.may(f.treatment), f.may(f.specimenVoucher), f.may(f.preservation), f.may(f.replicate)]),
  ]),
  sampleType('plant', { en: 'Plant', zh: '植物样本' }, { en: 'Material of a plant or green alga.', zh: '植物或绿藻材料。' }, [
    organismGroup({ permitted: [33090], metagenome: 'refused' }, ['Oryza sativa', 4530]),
    group('identity', [f.may(f.isolate), f.may(f.cultivar), f.may(f.ecotype)], 'atLeastOne'),
    collected(f.should(f.biomaterialProvider)),
    group('material', [f.must(f.tissue), f.should(f.devStage), f.may(f.age), f.may(f.genotype), f.may(f.phenotype), f.may(f.ploidyField), f.may(f.organelleField), f.may(f.treatment), f.may(f.growthConditions), f.may(f.specimenVoucher), f.may(f.replicate)]),
  ]),
  sampleType('bacterium-archaeon', { en: 'Bacterium or archaeon', zh: '细菌或古菌样本' }, { en: 'A culture or isolate of one prokaryote.', zh: '单一原核生物的培养物或分离株。' }, [
    organismGroup({ permitted: [2, 2157], metagenome: 'refused' }, ['Escherichia coli', 562]),
    group('identity', [f.may(f.strain), f.may(f.isolate)], 'atLeastOne'),
    collected(f.must(f.isolationSource)),
    group('host', [f.may(f.host), f.may(f.hostTaxid), f.may(f.hostHealthState)]),
    group('material', [f.may(f.cultureCollection), f.may(f.serotype), f.may(f.genotype), f.may(f.oxygen), f.may(f.estimatedSize), f.may(f.temperature), f.may(f.growthConditions), f.may(f.treatment), f.may(f.biosafety), f.may(f.replicate)]),
  ]),
  sampleType('virus', { en: 'Virus', zh: '病毒样本' }, { en: 'A virus, cultured or straight from its host.', zh: '培养或直接取自宿主的病毒。' }, [
    organismGroup({ permitted: [10239], metagenome: 'refused' }, ['Severe acute respiratory syndrome coronavirus 2', 2697049]),
    group('identity', [f.may(f.isolate), f.may(f.strain), f.may(f.virusIdentifier)], 'atLeastOne'),
    collected(f.must(f.isolationSource), f.may(f.receiptDate), f.may(f.purposeOfSampling)),
    group('host', [f.must(f.host), f.may(f.hostTaxid), f.should(f.hostDisease), f.may(f.hostHealthState), f.may(f.hostDiseaseOutcome), f.may(f.hostSex), f.may(f.hostAge), f.may(f.hostSubjectId), f.may(f.labHost)]),
    group('material', [f.may(f.serotype), f.may(f.subgroup), f.may(f.passage), f.may(f.biosafety), f.may(f.replicate)]),
  ]),
  sampleType('pathogen-clinical', { en: 'Pathogen, clinical or host-associated', zh: '临床或宿主相关病原样本' }, { en: 'A pathogen from a patient or an animal.', zh: '来自患者或动物的病原体。' }, [
    organismGroup({ permitted: pathogens, metagenome: 'refused' }, ['Mycobacterium tuberculosis', 1773]),
    group('identity', [f.may(f.isolate), f.may(f.strain)], 'atLeastOne'),
    group('collection', [f.must(f.collectionDate), f.must(f.geoLocName), f.should(f.latLon), f.must(f.collectedBy), f.must(f.isolationSource), f.should(f.purposeOfSampling)]),
    group('host', [f.must(f.host), f.may(f.hostTaxid), f.must(f.hostDisease), f.should(f.hostHealthState), f.should(f.hostSex), f.should(f.hostAge), f.may(f.hostDiseaseOutcome), f.may(f.hostSubjectId)]),
    group('material', [f.may(f.serotype), f.may(f.subgroup), f.may(f.cultureCollection), f.may(f.antibiogram), f.may(f.genotype), f.may(f.passage), f.may(f.biosafety), f.may(f.replicate)]),
  ]),
  sampleType('pathogen-environmental', { en: 'Pathogen, environmental, food or other', zh: '环境、食品等来源病原样本' }, { en: 'A pathogen from food, water, surfaces or other places.', zh: '来自食品、水、物体表面等的病原体。' }, [
    organismGroup({ permitted: pathogens, metagenome: 'refused' }, ['Salmonella enterica', 28901]),
    group('identity', [f.may(f.isolate), f.may(f.strain)], 'atLeastOne'),
    group('collection', [f.must(f.collectionDate), f.must(f.geoLocName), f.should(f.latLon), f.must(f.collectedBy), f.must(f.isolationSource), f.should(f.purposeOfSampling), f.may(f.collectMethod)]),
    group('environment', [f.may(f.samplingFood), f.may(f.envMedium), f.may(f.temperature)]),
    group('material', [f.may(f.serotype), f.may(f.cultureCollection), f.may(f.antibiogram), f.may(f.genotype), f.may(f.biosafety), f.may(f.replicate)]),
  ]),
  sampleType('metagenome', { en: 'Metagenome or environmental', zh: '宏基因组或环境样本' }, { en: 'A community from soil, water, air or another environment.', zh: '来自土壤、水体、空气等环境的群落。' }, [
    organismGroup({ metagenome: 'required' }, ['soil metagenome', 410658]),
    group('collection', [f.must(f.collectionDate), f.must(f.geoLocName), f.must(f.latLon), f.may(f.collectedBy), f.may(f.collectMethod), f.may(f.sampVol)]),
    group('environment', [f.must(f.envBroadScale), f.must(f.envLocalScale), f.must(f.envMedium), f.should(f.depth), f.should(f.elevation), f.may(f.temperature), f.may(f.ph), f.may(f.salinity)]),
    group('material', [f.may(f.isolationSource), f.may(f.preservation), f.may(f.storageTemperature), f.may(f.treatment), f.may(f.replicate)]),
  ]),
  sampleType('metagenome-host', { en: 'Host-associated metagenome', zh: '宿主相关宏基因组样本' }, { en: 'A community living in or on a host.', zh: '生活在宿主体内或体表的群落。' }, [
    organismGroup({ metagenome: 'required' }, ['human gut metagenome', 408170]),
    group('collection', [f.must(f.collectionDate), f.must(f.geoLocName), f.should(f.latLon), f.may(f.collectedBy), f.may(f.collectMethod), f.may(f.sampVol)]),
    group('host', [f.must(f.host), f.may(f.hostTaxid), f.must(f.hostTissue), f.should(f.hostSex), f.should(f.hostAge), f.should(f.hostHealthState), f.may(f.hostDisease), f.may(f.hostSubjectId), f.may(f.hostDiet), f.may(f.medication)]),
    group('environment', [f.should(f.envBroadScale), f.should(f.envLocalScale), f.should(f.envMedium)]),
    group('material', [f.may(f.isolationSource), f.may(f.preservation), f.may(f.storageTemperature), f.may(f.treatment), f.may(f.replicate)]),
  ]),
  sampleType('fungus', { en: 'Fungus', zh: '真菌样本' }, { en: 'A fungus, cultured or collected.', zh: '培养或采集的真菌。' }, [
    organismGroup({ permitted: [4751], metagenome: 'refused' }, ['Saccharomyces cerevisiae', 4932]),
    group('identity', [f.may(f.strain), f.may(f.isolate), f.may(f.cultivar)], 'atLeastOne'),
    collected(f.must(f.isolationSource)),
    group('host', [f.may(f.host), f.may(f.hostTaxid), f.may(f.hostDisease)]),
    group('material', [f.may(f.substrate), f.may(f.tissue), f.should(f.devStage), f.may(f.matingType), f.may(f.ploidyField), f.may(f.cultureCollection), f.may(f.specimenVoucher), f.may(f.growthConditions), f.may(f.genotype), f.may(f.treatment), f.may(f.replicate)]),
  ]),
  sampleType('protist', { en: 'Protist or other eukaryote', zh: '原生生物或其他真核生物样本' }, { en: 'A eukaryote that is no animal, plant or fungus.', zh: '动物、植物、真菌以外的真核生物。' }, [
    organismGroup({ permitted: [2759], notPermitted: [33208, 4751, 3193], metagenome: 'refused' }, ['Plasmodium falciparum', 5833]),
    group('identity', [f.may(f.strain), f.may(f.isolate)], 'atLeastOne'),
    collected(f.must(f.isolationSource)),
    group('host', [f.may(f.host), f.may(f.hostTaxid), f.may(f.hostDisease)]),
    group('material', [f.may(f.devStage), f.may(f.cultureCollection), f.may(f.organelleField), f.may(f.growthConditions), f.may(f.genotype), f.may(f.treatment), f.may(f.replicate)]),
  ]),
  sampleType('synthetic', { en: 'Synthetic', zh: '人工合成样本' }, { en: 'A designed sequence, construct or control.', zh: '人工设计的序列、构建体或对照。' }, [
    organismGroup({ permitted: [28384] }, ['synthetic construct', 32630]),
    group('identity', [f.must(f.isolate, { label: { en: 'Construct', zh: '构建体' } }), f.must(f.syntheticDesign), f.may(f.vector), f.may(f.chassis), f.may(f.parentOrganism)]),
    group('collection', [f.must(f.collectionDate), f.must(f.geoLocName), f.may(f.biomaterialProvider)]),
    group('material', [f.may(f.biosafety), f.may(f.growthConditions), f.may(f.treatment), f.may(f.replicate)]),
  ]),
  sampleType('general', { en: 'General', zh: '通用样本' }, { en: 'Any organism, with the least that INSDC asks for. Choose a closer type when there is one.', zh: '任何物种，仅含 INSDC 的最低要求。如有更贴切的类型请优先选用。' }, [
    organismGroup({}, ['Oryza sativa', 4530]),
    collected(f.may(f.isolationSource), f.may(f.receiptDate)),
    group('host', [f.may(f.host), f.may(f.hostTaxid), f.may(f.hostSex), f.may(f.hostAge), f.may(f.hostHealthState), f.may(f.hostSubjectId)]),
    group('material', [f.may(f.isolate), f.may(f.strain), f.may(f.breed), f.may(f.cultivar), f.may(f.ecotype), f.may(f.cellLine), f.may(f.tissue), f.may(f.cellType), f.may(f.devStage), f.may(f.sexField), f.may(f.age), f.may(f.disease), f.may(f.genotype), f.may(f.treatment), f.may(f.replicate)]),
  ]),
];
