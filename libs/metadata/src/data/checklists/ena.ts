import type { Checklist, Field } from '../../checklist/checklist.ts';
import * as f from '../fields.ts';

/**
 * The two ENA sample checklists that ENA's own tables name most: the default and the virus pathogen one, under ENA's field
 * names, with the semantics of the built-in fields. The others are imported from ENA's files.
 */
const version = '2026-03';

type Draft = ReturnType<typeof f.field>;

/** A built-in field under the name that ENA gives it. */
const called = (name: string, draft: Draft): Draft => ({
  ...draft,
  name,
  synonyms: [draft.name, ...(draft.synonyms ?? []).filter((synonym) => synonym !== name)],
});

const country = { ...called('geographic location (country and/or sea)', f.collectingPlaceCountry), type: f.format('country'), nulls: 'reported' as const };
const region = f.field('geographic location (region and locality)', { en: 'Region and locality', zh: '地区与地点', about: ['Region, then locality.', '地区与具体地点。'] });
const latitude = f.field('geographic location (latitude)', { en: 'Latitude', zh: '纬度', about: ['Decimal degrees, south negative.', '十进制度，南纬为负。'], type: f.format('latitude'), units: ['DD'] });
const longitude = f.field('geographic location (longitude)', { en: 'Longitude', zh: '经度', about: ['Decimal degrees, west negative.', '十进制度，西经为负。'], type: f.format('longitude'), units: ['DD'] });
const text = (name: string, en: string, zh: string): Draft => f.field(name, { en, zh, about: [`${en}.`, `${zh}。`] });

const scientificName = { ...called('scientific_name', f.organism), synonyms: ['organism', 'scientific name', '物种名称'] };
const taxonId: Draft = { ...called('taxon_id', f.taxonomyId), type: { kind: 'taxon', by: 'id', of: 'scientific_name' } };
const within = (draft: Draft, permitted: readonly number[]): Draft =>
  draft.type.kind === 'taxon' ? { ...draft, type: { ...draft.type, permitted } } : draft;

const organism = (permitted: readonly number[], [name, id]: readonly [string, number]) =>
  ({
    name: 'organism',
    label: { en: 'Organism', zh: '物种' },
    restriction: 'atLeastOne',
    fields: [f.may(within(scientificName, permitted), { examples: [name] }), f.may(within(taxonId, permitted), { examples: [String(id)] }), f.may(f.description), f.may(text('common_name', 'Common name', '俗名'))],
  }) as const;

const sample = (id: string, en: string, zh: string, permitted: readonly number[], example: readonly [string, number], fields: readonly Field[]): Checklist => ({
  id,
  version,
  object: 'sample',
  label: { en, zh },
  description: { en, zh },
  authority: 'ENA',
  groups: [organism(permitted, example), { name: 'attributes', label: { en: 'Attributes', zh: '属性' }, restriction: 'any', fields }],
  conditions: [],
});

const collectionDate = f.must(called('collection date', f.collectionDate));

export const enaDefault = sample('ERC000011', 'ENA default sample checklist', 'ENA 默认样本清单', [], ['Homo sapiens', 9606], [
  collectionDate,
  f.must(country),
  f.may(region),
  f.may(f.latLon),
  f.may(f.collectedBy),
  ...[f.isolationSource, f.isolate, f.strain, f.cultivar, f.ecotype, f.sexField, f.tissue, f.cellType, f.cellLine, f.devStage, f.labHost, f.serotype, f.cultureCollection, f.specimenVoucher].map((draft) => f.may(draft)),
  f.may(called('host scientific name', f.host)),
]);

export const enaVirus = sample('ERC000033', 'ENA virus pathogen reporting standard checklist', 'ENA 病毒病原报告标准清单', [10239], ['Monkeypox virus', 10244], [
  collectionDate,
  f.must(country),
  f.should(region),
  f.should(latitude),
  f.should(longitude),
  f.must(text('host common name', 'Host common name', '宿主俗名')),
  f.must({ ...called('host subject id', f.hostSubjectId), type: f.text(100) }),
  f.must(called('host health state', f.hostHealthState)),
  f.must(called('host sex', f.hostSex)),
  f.must(called('host scientific name', f.host)),
  f.must(text('collector name', 'Collector name', '采集者姓名')),
  f.must(text('collecting institution', 'Collecting institution', '采集单位')),
  f.must(f.isolate, { nulls: 'allowed' }),
  f.may(f.strain, { nulls: 'discouraged' }),
  f.should(called('sample capture status', f.purposeOfSampling)),
  f.should(called('host disease outcome', f.hostDiseaseOutcome)),
  f.should(called('host age', f.hostAge)),
  f.should(called('virus identifier', f.virusIdentifier)),
  f.should(called('receipt date', f.receiptDate)),
  f.should(text('definition for seropositive sample', 'Definition for seropositive sample', '血清阳性判定标准')),
  f.should(text('serotype (required for a seropositive sample)', 'Serotype', '血清型')),
  f.should(text('host habitat', 'Host habitat', '宿主生境')),
  f.should(text('isolation source host-associated', 'Isolation source, host-associated', '宿主相关分离来源')),
  f.should(text('isolation source non-host-associated', 'Isolation source, not host-associated', '非宿主分离来源')),
  f.should(text('host behaviour', 'Host behaviour', '宿主行为')),
  f.may(text('host description', 'Host description', '宿主描述')),
  f.may(text('gravidity', 'Gravidity', '妊娠情况')),
  f.may(f.labHost),
  f.may(text('subject exposure', 'Subject exposure', '暴露情况')),
  f.may(text('subject exposure duration', 'Exposure duration', '暴露时长')),
  f.may(text('type exposure', 'Type of exposure', '暴露类型')),
  f.may(text('personal protective equipment', 'Personal protective equipment', '个人防护装备')),
  f.may(text('hospitalisation', 'Hospitalisation', '住院情况')),
  f.may(text('illness duration', 'Illness duration', '病程')),
  f.may(text('illness symptoms', 'Illness symptoms', '症状')),
  f.may(text('sample storage conditions', 'Storage conditions', '样本保存条件')),
]);
