import type { IndexedObject } from '../../server/src/modules/catalog/index.ts';
import { randomFrom, zipf } from './random.ts';

const organisms =
  'Homo sapiens|Mus musculus|Severe acute respiratory syndrome coronavirus 2|Escherichia coli|Oryza sativa|Zea mays|Arabidopsis thaliana|Rattus norvegicus|Danio rerio|Drosophila melanogaster|Saccharomyces cerevisiae|human gut metagenome|soil metagenome|Sus scrofa|Bos taurus|Gallus gallus|Triticum aestivum|Glycine max|Mycobacterium tuberculosis|Salmonella enterica|Staphylococcus aureus|Klebsiella pneumoniae|Plasmodium falciparum|Caenorhabditis elegans|Solanum lycopersicum|Influenza A virus|marine metagenome|Macaca mulatta|Ovis aries|Bombyx mori'.split(
    '|',
  );
const countries =
  'China|USA|United Kingdom|India|Japan|Germany|Australia|Brazil|South Africa|Canada|France|South Korea|Kenya|Thailand|Spain|Italy|Viet Nam|Mexico|Netherlands|Sweden|Denmark|Pakistan|Bangladesh|Indonesia|Peru|Egypt|Nigeria|Uganda|Iran|Turkey'.split(
    '|',
  );
const strategies = 'WGS|RNA-Seq|AMPLICON|WXS|ChIP-Seq|ATAC-seq|Bisulfite-Seq|Hi-C|miRNA-Seq|OTHER'.split('|');
const common =
  'of from in the and sample sequencing genome whole human cell tissue blood gut rna transcriptome metagenome strain isolate patient mouse control treatment liver brain leaf root soil single expression variation population clinical tumor cancer microbiome bacteria virus covid infection response drought resistance breeding wild type lung kidney stool plasma culture time series replicate case study cohort healthy disease diversity evolution reference assembly influenza methylation chromatin'.split(
    ' ',
  );
const chinese =
  '人类 水稻 基因组 测序 样本 新冠病毒 肠道 微生物 转录组 单细胞 肿瘤 肺癌 肝脏 血液 小麦 玉米 抗病 干旱 群体 遗传 多样性 变异 宏基因组 土壤 海洋 患者 临床 队列 研究 表达 调控 甲基化 免疫 细胞 感染 结核 流感 大豆 家猪 育种'.split(
    ' ',
  );
const syllables = 'ba ce di fo gu ha ki lo mu na pe ri so tu va we xi yo za bri cla dro fle gri pro sta tri'.split(' ');

/** A made-up word for each number, so that vocabulary grows like that of a real archive. */
const wordOf = (n: number): string => {
  let word = '';
  for (let rest = n + 1; rest > 0; rest = Math.floor(rest / syllables.length))
    word += syllables[rest % syllables.length];
  return `${word}in`;
};

const words = [...common, ...Array.from({ length: 60_000 }, (_, n) => wordOf(n))];
const species = [
  ...organisms,
  ...Array.from(
    { length: 3000 },
    (_, n) => `${wordOf(n * 7).replace(/^./, (c) => c.toUpperCase())} ${wordOf(n * 11 + 3)}`,
  ),
];
const lands = [
  ...countries,
  ...Array.from({ length: 90 }, (_, n) => wordOf(n * 13).replace(/^./, (c) => c.toUpperCase())),
];
const uuid = (kind: number, n: number): string => `019${kind}0000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

/** An archive of a size, the same each time: projects with about ten samples each, newest last. */
export function* archive(size: { projects: number; samples: number }): Generator<IndexedObject> {
  const random = randomFrom(20_260_101);
  const word = zipf(words, random, 8);
  const han = zipf(chinese, random, 4);
  const organism = zipf(species, random);
  const country = zipf(lands, random);
  const strategy = zipf(strategies, random);
  const organisation = zipf(
    Array.from({ length: 400 }, (_, n) => uuid(1, n)),
    random,
  );
  const text = (n: number) => Array.from({ length: n }, () => word()).join(' ');
  const title = (n: number) =>
    random() < 0.15 ? `${han()}${han()}${han()}${random() < 0.5 ? ` ${text(2)}` : ''}` : text(n);
  const begin = Date.UTC(2016, 0, 1);
  const span = Date.UTC(2026, 0, 1) - begin;
  let made = 0;
  for (let p = 0; p < size.projects; p += 1) {
    const owner = organisation();
    const at = new Date(begin + (span * p) / size.projects);
    const studied = organism();
    const place = country();
    const subject = title(8);
    const base = {
      organisation: owner,
      submitter: uuid(2, p % 2000),
      label: { grade: 1, categories: [], jurisdictions: [] },
      updatedAt: at,
      inherited: [],
      files: [],
    };
    // One in twelve is not released yet, one in fifteen is controlled.
    const standing = {
      ...(random() < 0.08 ? { status: 'held' as const } : { status: 'released' as const, releasedAt: at }),
      manner: random() < 0.07 ? ('controlled' as const) : ('public' as const),
    };
    yield {
      ...base,
      ...standing,
      id: uuid(3, p),
      type: 'project',
      accession: `GWP${String(p + 1).padStart(7, '0')}`,
      alias: `study-${p}`,
      title: subject,
      attributes: { description: text(30), library_strategy: strategy(), organism: studied },
    };
    const count =
      p === size.projects - 1 ? size.samples - made : Math.min(size.samples - made, Math.floor(random() * 20) + 1);
    for (let s = 0; s < count; s += 1) {
      made += 1;
      yield {
        ...base,
        ...standing,
        id: uuid(4, made),
        type: 'sample',
        accession: `GWS${String(made).padStart(7, '0')}`,
        alias: `s${p}-${s}`,
        title: `${subject.split(' ').slice(0, 3).join(' ')} ${title(3)}`,
        attributes: {
          scientific_name: studied,
          tax_id: String(9606 + species.indexOf(studied)),
          'geographic location (country and/or sea)': `${place}: ${word()}`,
          'collection date': `${2010 + Math.floor(random() * 16)}-0${1 + Math.floor(random() * 9)}`,
          tissue: word(),
          isolate: text(2),
          sample_description: text(8),
        },
      };
    }
  }
}

/** Every kind of question, each with several different ones; which words they ask is fixed. */
export function questions(
  count: number,
): { kind: string; q: string; ticked: Partial<Record<'type' | 'country' | 'organism', string[]>> }[] {
  const random = randomFrom(7);
  const pick = <T>(items: readonly T[], from: number, to: number): T =>
    items[Math.floor(from + random() * (to - from))] as T;
  const frequent = () => pick(words, 3, 60);
  const middling = () => pick(words, 100, 2000);
  const rare = () => pick(words, 5000, 60_000);
  const kinds = {
    rare: () => ({ q: rare(), ticked: {} }),
    'rare + facet': () => ({ q: rare(), ticked: { type: ['sample'] } }),
    middling: () => ({ q: middling(), ticked: {} }),
    'middling + facet': () => ({ q: middling(), ticked: { country: [pick(countries, 0, 10)] } }),
    common: () => ({ q: frequent(), ticked: {} }),
    'common + facet': () => ({ q: frequent(), ticked: { organism: [pick(organisms, 0, 8)] } }),
    'two common': () => ({ q: `${frequent()} ${frequent()}`, ticked: {} }),
    'common + two facets': () => ({ q: frequent(), ticked: { type: ['project'], country: [pick(countries, 0, 6)] } }),
    phrase: () => ({ q: `"${frequent()} ${frequent()}"`, ticked: {} }),
    prefix: () => ({ q: `${middling().slice(0, 5)}*`, ticked: {} }),
    chinese: () => ({ q: pick(chinese, 0, 40), ticked: {} }),
    'chinese + facet': () => ({ q: `${pick(chinese, 0, 20)} ${pick(chinese, 0, 20)}`, ticked: { type: ['sample'] } }),
    'facets only': () => ({ q: '', ticked: { organism: [pick(organisms, 0, 20)], country: [pick(countries, 0, 20)] } }),
    misspelt: () => ({ q: `${frequent().slice(0, -1)}q${middling().slice(-2)}`, ticked: {} }),
    accession: () => ({ q: `GWS${String(Math.floor(random() * 10_000)).padStart(7, '0')}`, ticked: {} }),
  };
  return Array.from({ length: count }, () => Object.entries(kinds).map(([kind, make]) => ({ kind, ...make() }))).flat();
}
