import { join, openLabel, type Label } from '@geneward/api';
import { builtInTaxonomy, type ArchiveRecord, type Taxonomy, type Text } from '@geneward/metadata';

/** A dated rule that says how sensitive a record is by what it says. */
interface ClassificationRule {
  readonly id: string;
  readonly validFrom: string;
  readonly source: Text;
  readonly label: Label;
  readonly meets: (record: Facts) => boolean;
}

/** What rules look at. */
interface Facts {
  readonly human: boolean;
  /** Country or sea, as the record names it. */
  readonly country: string;
}

const chinese = new Set(['China', 'Hong Kong', 'Macau']);

const classificationRules: readonly ClassificationRule[] = [
  {
    id: 'human-genetic-resource',
    validFrom: '2019-07-01',
    source: {
      en: 'Regulation of the PRC on the Management of Human Genetic Resources (State Council Order 717), Articles 2 and 28',
      zh: '《中华人民共和国人类遗传资源管理条例》（国务院令第 717 号）第二条、第二十八条',
    },
    label: { grade: 3, categories: ['human_genetic_resource'], jurisdictions: [] },
    meets: ({ human }) => human,
  },
  {
    id: 'human-genetic-resource-of-china',
    validFrom: '2019-07-01',
    source: {
      en: 'Regulation of the PRC on the Management of Human Genetic Resources (State Council Order 717), Article 3',
      zh: '《中华人民共和国人类遗传资源管理条例》（国务院令第 717 号）第三条',
    },
    label: { grade: 3, categories: ['human_genetic_resource'], jurisdictions: ['CN'] },
    meets: ({ human, country }) => human && chinese.has(country),
  },
];

/**
 * The label that a record asks for by itself, on a day (`YYYY-MM-DD`). What it stands on can only raise it.
 * @param loaded the organisms of the installation, with those of the record prepared; the built-in ones are asked as well
 */
export function classify(record: ArchiveRecord, today: string, loaded?: Taxonomy): Label {
  const facts = factsOf(record, loaded ? [builtInTaxonomy(), loaded] : [builtInTaxonomy()]);
  return classificationRules
    .filter((rule) => rule.validFrom <= today && rule.meets(facts))
    .reduce((label, rule) => join(label, rule.label), openLabel);
}

const organismColumns = new Set(['organism', 'organism name', 'scientific name', 'common name', 'species', 'taxon']);
const taxonColumns = new Set(['tax id', 'taxid', 'taxon id', 'taxonomy id', 'ncbi taxonomy id', 'organism id']);

/** How a record names its organisms, however its columns and values are spelt; an identifier may stand where a name belongs. */
export function organismsNamed({ attributes }: ArchiveRecord): { names: string[]; ids: number[] } {
  const names: string[] = [];
  const ids: number[] = [];
  for (const [column, value] of Object.entries(attributes)) {
    if (!namesOrganism(column)) continue;
    for (const text of [value].flat().map(plain)) {
      const [, id] = /^(?:ncbi ?taxon|taxon|taxid|txid)? ?:? ?0*(\d{1,8})(?:\.0+)?$/i.exec(text) ?? [];
      if (id !== undefined) ids.push(Number(id));
      else if (text !== '') names.push(text);
    }
  }
  return { names, ids };
}

/** Columns come again with every row, so each is judged once; a bound keeps strange sheets from filling memory. */
const judged = new Map<string, boolean>();
const judgedAtMost = 10_000;

function namesOrganism(column: string): boolean {
  const before = judged.get(column);
  if (before !== undefined) return before;
  const key = plain(column).toLowerCase();
  const names = organismColumns.has(key) || taxonColumns.has(key);
  if (judged.size >= judgedAtMost) judged.clear();
  judged.set(column, names);
  return names;
}

const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\s_]+/g, ' ')
    .trim();

const homoSapiens = 9606;

/** What NCBI lists below Homo sapiens; the built-in organisms do not have them. */
const humanTaxa = new Set([homoSapiens, 63221, 741158, 2665952, 2665953, 2813599]);

function isHuman(record: ArchiveRecord, taxonomies: readonly Taxonomy[]): boolean {
  const { names, ids } = organismsNamed(record);
  return (
    ids.some((id) => humanTaxa.has(id)) ||
    names.some((name) => /^homo sapiens\b/i.test(name)) ||
    taxonomies.some((taxonomy) =>
      [...ids, ...names.flatMap((name) => taxonomy.byName(name)?.taxon.id ?? [])].some((id) =>
        taxonomy.within(taxonomy.mergedInto(id) ?? id, homoSapiens),
      ),
    )
  );
}

function factsOf(record: ArchiveRecord, taxonomies: readonly Taxonomy[]): Facts {
  const { checklist = '', attributes } = record;
  const country = ['geo_loc_name', 'geographic location (country and/or sea)', 'country']
    .map((column) => ([attributes[column] ?? ''].flat()[0] ?? '').trim())
    .find((text) => text !== '');
  return {
    human: checklist.startsWith('GWC-human') || isHuman(record, taxonomies),
    country: (country?.split(':')[0] ?? '').trim(),
  };
}
