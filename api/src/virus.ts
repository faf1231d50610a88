import { z } from 'zod';
import { route } from './contract.ts';
import { defineEvents } from './event.ts';
import { findingView } from './finding.ts';
import { pageOf, pageQuery, uuid } from './page.ts';
import { defineProblems } from './problem.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const day = z.iso.date();
const name = z.string().trim().min(1).max(200);

/** Where records come from and what may be done with them; goes with them into everything made from them. */
export const useTerms = z.object({
  source: z.string().trim().min(1).max(500).describe('Who gave it: a name, or an address'),
  license: z.string().trim().min(1).max(100).describe('SPDX identifier where there is one'),
  terms: z.string().trim().max(2000).default('').describe('Conditions of use in words'),
});
export type UseTerms = z.output<typeof useTerms>;

export const virusDataset = z.object({
  ...useTerms.shape,
  id: z.string(),
  name: z.string(),
  version: z.string(),
  hash: sha256.describe('SHA-256 over the lines that `sha256sum` prints for its files in the order of their paths'),
  shortcuts: z.array(z.string()).readonly(),
  length: z.int().describe('Bases of the reference'),
  nodes: z.int().describe('Nodes of its tree; 0 without one'),
  builtIn: z.boolean(),
});
export type VirusDataset = z.output<typeof virusDataset>;

export const virusBatch = z.object({
  ...useTerms.shape,
  id: uuid,
  title: z.string(),
  dataset: sha256,
  shared: z.boolean().describe('Whether everybody finds its genomes'),
  organisation: uuid,
  state: z.enum(['open', 'waiting', 'running', 'done', 'failed']),
  records: z.int().describe('Genomes of which date or place were told'),
  genomes: z.int(),
  accepted: z.int(),
  withdrawn: z.int(),
  fetched: z.boolean().describe('Whether it came from a source and not from a person'),
  sha256: sha256.optional().describe('Of the genomes as they were sent'),
  finding: findingView.optional().describe('Why it failed'),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().optional(),
});
export type VirusBatch = z.output<typeof virusBatch>;

export const virusGenome = z.object({
  id: uuid,
  batch: uuid,
  name: z.string(),
  accepted: z.boolean(),
  clade: z.string().optional(),
  lineages: z.array(z.string()).describe('Clade and all other names of lineages that the data set gives'),
  collected: z.object({ from: day, to: day }).optional(),
  place: z.string().optional(),
  quality: z.enum(['good', 'mediocre', 'bad']).optional(),
  mutations: z.int(),
  withdrawn: z.object({ at: z.iso.datetime(), reason: z.string() }).optional(),
  use: useTerms,
});
export type VirusGenome = z.output<typeof virusGenome>;

/** All questions of genomes; a mutation is written `S:N501Y`, `C241T`, `ORF1a:S3675-`. */
export const genomeQuestion = z.object({
  dataset: sha256.optional(),
  batch: uuid.optional(),
  mutation: z
    .union([z.string().max(60), z.array(z.string().max(60)).max(20)])
    .transform((value) => (typeof value === 'string' ? [value] : value))
    .optional()
    .describe('All of these'),
  lineage: name.optional().describe('Clade, or another name of a lineage'),
  place: name.optional(),
  from: day.optional().describe('First day of collection'),
  to: day.optional().describe('Last day of collection'),
});
export type GenomeQuestion = z.output<typeof genomeQuestion>;

/** What a figure rests on: sources with their terms, and what was withdrawn since. */
export const virusCitation = z.object({
  text: z.string().describe('How to cite the figure'),
  uses: z.array(useTerms.extend({ genomes: z.int() })),
  withdrawn: z.int().describe('Genomes that were withdrawn and are in none of the figures any more'),
});

export const treeState = z.object({
  number: z.int().describe('0 is the tree of the data set itself'),
  why: z.enum(['batch', 'withdrawal']),
  batches: z.array(uuid),
  without: z.array(uuid).describe('Genomes of these batches that do not stand on it, withdrawn'),
  inputsSha256: sha256,
  treeSha256: sha256,
  program: z.string(),
  madeAt: z.iso.datetime(),
  added: z.int(),
  moved: z.int(),
  renamed: z.int(),
  refused: z.int(),
});

/** Whose genomes: everybody’s shared ones, or those of the own institution. */
export const whose = z
  .enum(['public', 'own'])
  .describe('With everybody’s shared genomes, or with those of your institution');

const treeParams = z.object({ dataset: sha256 });
const stateQuery = z.object({
  of: whose.default('public'),
  state: z.coerce.number().int().min(0).optional().describe('An earlier state; the newest without it'),
});
const one = z.object({ batch: uuid });
const genome = z.object({ genome: uuid });
const rising = z
  .boolean()
  .default(false)
  .describe('Be told too of lineages that newly rise by more than chance in a forecast of its data set');
const alertView = z.object({
  id: uuid,
  title: z.string(),
  question: genomeQuestion,
  rising: z.boolean(),
  createdAt: z.iso.datetime(),
});

export const virusRoutes = {
  listVirusDatasets: route({
    method: 'GET',
    path: '/virus/datasets',
    summary: { en: 'Data sets of viruses that are installed', zh: '已安装的病毒数据集' },
    caller: 'anyone',
    reply: z.object({ items: z.array(virusDataset) }),
  }),
  installVirusDataset: route({
    method: 'POST',
    path: '/virus/datasets',
    summary: {
      en: 'Install a data set of the layout of Nextclade 3 from a zip or tar',
      zh: '从 zip 或 tar 安装 Nextclade 3 格式的数据集',
    },
    caller: 'review',
    query: useTerms.extend({ hash: sha256.optional().describe('Refused when the content has another hash') }),
    bytes: { in: ['*/*'] },
    reply: virusDataset,
    problems: ['virus_dataset_refused'],
  }),
  getVirusDatasetArchive: route({
    method: 'GET',
    path: '/virus/datasets/:dataset/archive',
    summary: { en: 'A data set as it was installed', zh: '下载已安装的数据集' },
    caller: 'anyone',
    params: z.object({ dataset: sha256 }),
    bytes: { out: ['application/octet-stream'] },
    problems: ['virus_dataset_unknown'],
  }),
  openVirusBatch: route({
    method: 'POST',
    path: '/virus/batches',
    summary: { en: 'Open a batch of genomes', zh: '新建基因组批次' },
    caller: 'submit',
    body: useTerms.extend({
      title: z.string().trim().min(1).max(300),
      dataset: z.string().trim().min(1).max(200).describe('Hash, id, name or shortcut, also with @version'),
      shared: z.boolean().default(false),
    }),
    reply: virusBatch,
    status: 201,
    idempotent: true,
    problems: ['virus_dataset_unknown'],
  }),
  listVirusBatches: route({
    method: 'GET',
    path: '/virus/batches',
    summary: { en: 'Batches that you may see, newest first', zh: '可查看的批次，按时间倒序' },
    caller: 'anyone',
    query: pageQuery,
    reply: pageOf(virusBatch),
  }),
  getVirusBatch: route({
    method: 'GET',
    path: '/virus/batches/:batch',
    summary: { en: 'State of a batch', zh: '批次状态' },
    caller: 'anyone',
    params: one,
    reply: virusBatch,
  }),
  putVirusRecords: route({
    method: 'PUT',
    path: '/virus/batches/:batch/records',
    summary: {
      en: 'Dates and places of the genomes: a TSV with the columns name (or strain), date and place (or country)',
      zh: '基因组的日期与地点：含 name（或 strain）、date、place（或 country）列的 TSV',
    },
    caller: 'submit',
    params: one,
    bytes: { in: ['text/tab-separated-values', 'text/plain', 'application/octet-stream'] },
    reply: virusBatch,
    problems: ['virus_batch_closed', 'virus_records_refused'],
  }),
  putVirusGenomes: route({
    method: 'PUT',
    path: '/virus/batches/:batch/genomes',
    summary: {
      en: 'The genomes as FASTA, plain or gzip; the work begins',
      zh: '上传 FASTA（可用 gzip），随即开始分析',
    },
    caller: 'submit',
    params: one,
    bytes: { in: ['*/*'] },
    reply: virusBatch,
    status: 202,
    problems: ['virus_batch_closed'],
  }),
  getVirusReport: route({
    method: 'GET',
    path: '/virus/batches/:batch/report',
    summary: { en: 'What was told of each genome, as table, lines of JSON or a page', zh: '每条基因组的报告' },
    caller: 'anyone',
    params: one,
    query: z.object({ format: z.enum(['tsv', 'jsonl', 'html']).default('tsv') }),
    bytes: { out: ['text/tab-separated-values', 'application/x-ndjson', 'text/html'] },
    problems: ['virus_batch_unfinished'],
  }),
  getVirusGenomes: route({
    method: 'GET',
    path: '/virus/batches/:batch/genomes',
    summary: {
      en: 'The genomes of a batch as they were sent; as plain FASTA without those that were withdrawn, when some were',
      zh: '批次的基因组原文；若有撤回，则为剔除撤回条目的 FASTA',
    },
    caller: 'anyone',
    params: one,
    bytes: { out: ['application/octet-stream', 'text/x-fasta'] },
    problems: ['virus_batch_unfinished'],
  }),
  getVirusRecords: route({
    method: 'GET',
    path: '/virus/batches/:batch/records',
    summary: {
      en: 'Days, places and terms of the genomes of a batch, and which were withdrawn, as a table',
      zh: '批次基因组的日期、地点、条款及撤回状态表',
    },
    caller: 'anyone',
    params: one,
    bytes: { out: ['text/tab-separated-values'] },
    problems: ['virus_batch_unfinished'],
  }),
  listVirusGenomes: route({
    method: 'GET',
    path: '/virus/genomes',
    summary: { en: 'Genomes by mutation, lineage, place and time', zh: '按突变、谱系、地点和时间检索基因组' },
    caller: 'anyone',
    query: genomeQuestion.extend(pageQuery.shape).extend({
      all: z.stringbool().default(false).describe('With those that were refused or withdrawn'),
    }),
    reply: pageOf(virusGenome),
  }),
  getVirusGenome: route({
    method: 'GET',
    path: '/virus/genomes/:genome',
    summary: { en: 'All that is told about a genome', zh: '基因组详细报告' },
    caller: 'anyone',
    params: genome,
    reply: virusGenome.extend({
      findings: z.array(findingView),
      report: z.record(z.string(), z.unknown()),
    }),
  }),
  withdrawVirusGenome: route({
    method: 'POST',
    path: '/virus/genomes/:genome/withdrawal',
    summary: {
      en: 'Take a genome back: every figure and tree is made without it',
      zh: '撤回基因组：所有图表与进化树将不再包含它',
    },
    caller: 'submit',
    params: genome,
    body: z.object({ reason: z.string().trim().min(1).max(1000) }),
    reply: virusGenome,
    problems: ['virus_genome_withdrawn'],
  }),
  virusFrequencies: route({
    method: 'GET',
    path: '/virus/frequencies',
    summary: { en: 'Lineages over time, counted', zh: '各谱系随时间的计数' },
    caller: 'anyone',
    query: genomeQuestion.extend({ bin: z.enum(['week', 'month']).default('week') }),
    reply: z.object({
      bins: z.array(z.object({ from: day, total: z.int(), clades: z.record(z.string(), z.int()) })),
      undated: z.int().describe('Genomes whose day of collection is not known to a month'),
      citation: virusCitation,
    }),
  }),
  virusMutations: route({
    method: 'GET',
    path: '/virus/mutations',
    summary: {
      en: 'Mutations of the genomes that fit, with entropy of each place',
      zh: '符合条件基因组的突变及位点熵',
    },
    caller: 'anyone',
    query: genomeQuestion.extend({
      kind: z.enum(['nucleotide', 'protein']).default('protein'),
      limit: z.coerce.number().int().min(1).max(2000).default(200),
    }),
    reply: z.object({
      genomes: z.int(),
      mutations: z.array(z.object({ mutation: z.string(), genomes: z.int(), share: z.number() })),
      sites: z.array(z.object({ site: z.string(), entropy: z.number().describe('Shannon, in bits') })),
      citation: virusCitation,
    }),
  }),
  virusLineages: route({
    method: 'GET',
    path: '/virus/lineages',
    summary: { en: 'Each lineage in short: counts, dates, places', zh: '谱系概况：数量、日期、地点' },
    caller: 'anyone',
    query: genomeQuestion,
    reply: z.object({
      items: z.array(
        z.object({
          clade: z.string(),
          genomes: z.int(),
          first: day.optional(),
          last: day.optional(),
          places: z.array(z.object({ place: z.string(), genomes: z.int() })),
        }),
      ),
      citation: virusCitation,
    }),
  }),
  getVirusTree: route({
    method: 'GET',
    path: '/virus/trees/:dataset',
    summary: { en: 'What the views of a tree may be asked for, and its states', zh: '进化树概况与历史状态' },
    caller: 'anyone',
    params: treeParams,
    query: stateQuery.extend({
      verify: z.stringbool().default(false).describe('Hold the tree that is shown against the record of its state'),
    }),
    reply: z.object({
      state: z.int(),
      shown: z
        .object({ treeSha256: sha256, asRecorded: z.boolean().describe('False when a genome was withdrawn since') })
        .optional(),
      samples: z.int(),
      nodes: z.int(),
      x: z.object({ from: z.number(), to: z.number(), unit: z.enum(['years', 'mutations']) }),
      attributes: z.record(z.string(), z.array(z.string())).describe('Values by the number that a view gives'),
      places: z.record(z.string(), z.array(z.number())).describe('Latitude and longitude of places'),
      states: z.array(treeState),
      citation: virusCitation,
    }),
    problems: ['virus_dataset_unknown', 'virus_tree_missing'],
  }),
  virusView: route({
    method: 'GET',
    path: '/virus/trees/:dataset/view',
    summary: {
      en: 'A window of tree, map or timeline in the binary form of docs/formats/tree-view.md',
      zh: '进化树、地图或时间轴的窗口视图（二进制）',
    },
    caller: 'anyone',
    params: treeParams,
    query: stateQuery.extend({
      kind: z.enum(['tree', 'map', 'timeline']),
      x0: z.coerce.number().optional(),
      x1: z.coerce.number().optional(),
      y0: z.coerce.number().optional(),
      y1: z.coerce.number().optional(),
      rows: z.coerce.number().int().min(1).max(4096).default(1000),
      bins: z.coerce.number().int().min(1).max(1000).default(100),
      colour: z.string().max(100).optional().describe('An attribute'),
      place: z.string().max(100).default('country').describe('The attribute of the map'),
    }),
    bytes: { out: ['application/vnd.geneward.view'] },
    problems: ['virus_dataset_unknown', 'virus_tree_missing', 'virus_attribute_unknown'],
  }),
  getVirusDiff: route({
    method: 'GET',
    path: '/virus/trees/:dataset/states/:number',
    summary: { en: 'What a state of the tree added, moved and renamed', zh: '进化树某一状态的变更内容' },
    caller: 'anyone',
    params: treeParams.extend({ number: z.coerce.number().int().min(1) }),
    query: stateQuery.pick({ of: true }),
    reply: treeState.extend({ diff: z.record(z.string(), z.unknown()) }),
  }),
  listVirusAlerts: route({
    method: 'GET',
    path: '/virus/alerts',
    summary: { en: 'Questions that you saved', zh: '已保存的查询提醒' },
    caller: 'read',
    reply: z.object({ items: z.array(alertView) }),
  }),
  saveVirusAlert: route({
    method: 'POST',
    path: '/virus/alerts',
    summary: {
      en: 'Save a question and be told of new genomes that answer it',
      zh: '保存查询并在有新基因组符合时得到通知',
    },
    caller: 'read',
    body: z.object({ title: z.string().trim().min(1).max(200), question: genomeQuestion, rising }),
    reply: alertView,
    status: 201,
    idempotent: true,
    problems: ['virus_too_many_alerts'],
  }),
  deleteVirusAlert: route({
    method: 'DELETE',
    path: '/virus/alerts/:alert',
    summary: { en: 'Forget a saved question', zh: '删除查询提醒' },
    caller: 'read',
    params: z.object({ alert: uuid }),
  }),
};

export const virusProblems = defineProblems({
  virus_dataset_refused: {
    status: 422,
    title: { en: 'The data set cannot be used: {reason}', zh: '数据集不可用：{reason}' },
    hint: {
      en: 'Send the folder of a Nextclade 3 data set as zip or tar. {mend}',
      zh: '请发送 Nextclade 3 数据集的 zip 或 tar。{mend}',
    },
  },
  virus_dataset_unknown: {
    status: 422,
    title: { en: 'No data set is called {name}', zh: '没有名为 {name} 的数据集' },
    hint: { en: 'Installed are: {known}.', zh: '已安装：{known}。' },
  },
  virus_records_refused: {
    status: 422,
    title: { en: 'The table of dates and places cannot be used: {reason}', zh: '日期与地点表不可用：{reason}' },
    hint: {
      en: 'Correct the line that is named and send the table again. {mend}',
      zh: '请更正所指的行并重新发送。{mend}',
    },
  },
  virus_batch_closed: {
    status: 409,
    title: { en: 'The genomes of this batch have come already', zh: '该批次的基因组已提交' },
    hint: { en: 'Open another batch.', zh: '请新建批次。' },
  },
  virus_batch_unfinished: {
    status: 409,
    title: { en: 'The batch is {state}, there is no report yet', zh: '批次状态为 {state}，尚无报告' },
    hint: { en: 'Ask again when its state is done.', zh: '请在状态变为 done 后再试。' },
  },
  virus_genome_withdrawn: {
    status: 409,
    title: { en: 'The genome has been withdrawn already', zh: '该基因组已被撤回' },
    hint: { en: 'Nothing is left to do.', zh: '无需再操作。' },
  },
  virus_tree_missing: {
    status: 404,
    title: { en: 'The data set has no tree, or not this state of it', zh: '数据集没有进化树，或不存在该状态' },
    hint: { en: 'Ask for the states at /virus/trees/{dataset}.', zh: '请在 /virus/trees/{dataset} 查询可用状态。' },
  },
  virus_attribute_unknown: {
    status: 422,
    title: { en: 'The tree has no attribute {name}', zh: '进化树没有属性 {name}' },
    hint: { en: 'It has: {known}.', zh: '可用属性：{known}。' },
  },
  virus_too_many_alerts: {
    status: 409,
    title: { en: 'More than {limit} questions are saved', zh: '已保存超过 {limit} 个查询' },
    hint: { en: 'Delete some.', zh: '请删除部分查询。' },
  },
});

export const virusEvents = defineEvents({
  'virus.dataset_installed': z.object({ hash: sha256, id: z.string(), version: z.string() }),
  'virus.batch_opened': z.object({ dataset: sha256, shared: z.boolean(), license: z.string() }),
  'virus.genomes_received': z.object({ sha256, size: z.string(), dataset: sha256 }),
  'virus.batch_done': z.object({
    genomes: z.int(),
    accepted: z.int(),
    dataset: sha256,
    inputSha256: sha256,
    program: z.string(),
  }),
  'virus.batch_failed': z.object({ code: z.string() }),
  'virus.tree_grown': z.object({
    dataset: sha256,
    state: z.int(),
    why: z.enum(['batch', 'withdrawal']),
    inputsSha256: sha256,
    treeSha256: sha256,
    diffSha256: sha256,
    program: z.string(),
  }),
  'virus.genome_withdrawn': z.object({ batch: uuid }),
  'virus.blob_removed': z.object({ key: z.string() }),
  'virus.alert_saved': z.object({}),
  'virus.alert_deleted': z.object({}),
});
