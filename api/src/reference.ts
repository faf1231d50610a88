import { z } from 'zod';
import { route } from './contract.ts';
import { defineEvents } from './event.ts';
import { text } from './page.ts';
import { defineProblems } from './problem.ts';
import { objectType } from './submission.ts';

const choice = z.object({
  value: z.string(),
  synonyms: z.array(z.string()).readonly().optional(),
  label: text.optional(),
  meaning: z.string().optional(),
});

const fieldType = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('text'),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    pattern: z.string().optional(),
    format: z.string().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
  }),
  z.object({ kind: z.literal('textArea'), minLength: z.number().optional(), maxLength: z.number().optional() }),
  z.object({
    kind: z.literal('choice'),
    values: z.array(choice).readonly(),
    vocabulary: z.string().optional(),
    open: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('date'), ranges: z.boolean().optional() }),
  z.object({
    kind: z.literal('taxon'),
    by: z.enum(['name', 'id']),
    permitted: z.array(z.number()).readonly().optional(),
    notPermitted: z.array(z.number()).readonly().optional(),
    metagenome: z.enum(['required', 'refused']).optional(),
  }),
  z.object({ kind: z.literal('ontology'), ontologies: z.array(z.string()).readonly() }),
]);

const field = z.object({
  name: z.string(),
  synonyms: z.array(z.string()).readonly().optional(),
  label: text,
  description: text,
  examples: z.array(z.string()).readonly().optional(),
  requirement: z.enum(['mandatory', 'recommended', 'optional']),
  type: fieldType,
  multiple: z.boolean().optional(),
  units: z.array(z.string()).readonly().optional(),
  nulls: z.enum(['allowed', 'reported', 'discouraged', 'forbidden']).optional(),
});

/** Enough of a checklist to choose one. */
export const checklistBrief = z.object({
  id: z.string(),
  version: z.string(),
  object: objectType,
  label: text,
  description: text,
  authority: z.string(),
  builtIn: z.boolean(),
});
export type ChecklistBrief = z.infer<typeof checklistBrief>;

/** A checklist with all that a form or a validator needs. */
export const checklistView = checklistBrief.extend({
  groups: z
    .array(
      z.object({
        name: z.string(),
        label: text,
        restriction: z.enum(['any', 'one', 'atLeastOne', 'oneOrNone']),
        fields: z.array(field).readonly(),
      }),
    )
    .readonly(),
  conditions: z.array(z.object({ label: z.string(), expression: z.string(), error: text })).readonly(),
});

/** One check of the archive: stable code, level, and what it says. */
export const ruleView = z.object({
  code: z.string(),
  level: z.enum(['error', 'warning', 'hint']),
  message: text,
  explanation: text,
  mend: text,
  example: z.object({ refused: z.string(), accepted: z.string() }),
  same: z
    .object({
      ddbj: z.array(z.string()).readonly().optional(),
      ena: z.array(z.string()).readonly().optional(),
      ncbi: z.array(z.string()).readonly().optional(),
    })
    .optional(),
  source: z.string().optional(),
});

const vocabularyBrief = z.object({ name: z.string(), version: z.string(), source: z.string(), terms: z.int() });

/** A taxon as a submitter may name it. */
export const taxonView = z.object({
  id: z.int(),
  name: z.string(),
  rank: z.string(),
  submittable: z.boolean().describe('Species rank or below, so that a sample may name it'),
  commonNames: z.array(z.string()),
  lineage: z.array(z.object({ id: z.int(), name: z.string(), rank: z.string() })).describe('From the root down'),
});
export type TaxonView = z.infer<typeof taxonView>;

/** Where the organisms of this installation come from. */
export const taxonomyState = z.object({
  source: z.enum(['built_in', 'taxdump']),
  taxa: z.int(),
  loadedAt: z.iso.datetime().optional(),
  load: z
    .object({
      state: z.enum(['loading', 'loaded', 'failed']),
      sha256: z.string(),
      reason: z.string().optional(),
      receivedAt: z.iso.datetime(),
    })
    .optional()
    .describe('The last taxdump that was sent'),
});

const taxonId = z.coerce.number().int().min(1).max(2_147_483_647);

export const referenceRoutes = {
  listChecklists: route({
    method: 'GET',
    path: '/checklists',
    summary: { en: 'Checklists of this installation', zh: '本系统提供的清单' },
    caller: 'anyone',
    query: z.object({ object: objectType.optional() }),
    reply: z.object({ items: z.array(checklistBrief) }),
  }),
  getChecklist: route({
    method: 'GET',
    path: '/checklists/:checklist',
    summary: { en: 'A checklist with its fields', zh: '读取清单及其字段' },
    caller: 'anyone',
    params: z.object({ checklist: z.string().max(100) }),
    reply: checklistView,
  }),
  getChecklistSchema: route({
    method: 'GET',
    path: '/checklists/:checklist/schema',
    summary: { en: 'A checklist as JSON Schema', zh: '以 JSON Schema 形式读取清单' },
    caller: 'anyone',
    params: z.object({ checklist: z.string().max(100) }),
    reply: z.record(z.string(), z.unknown()),
  }),
  importChecklists: route({
    method: 'POST',
    path: '/checklists',
    summary: {
      en: 'Import checklists from ENA checklist XML or MIxS LinkML',
      zh: '从 ENA 清单 XML 或 MIxS LinkML 导入清单',
    },
    caller: 'review',
    query: z.object({
      id: z
        .string()
        .regex(/^[A-Za-z0-9._-]{1,100}$/)
        .optional()
        .describe('Identifier of the checklist of a template, which does not name it'),
      prefix: z.string().max(200).optional().describe('Only checklists whose id starts so'),
    }),
    bytes: { in: ['*/*'] },
    reply: z.object({
      imported: z.array(z.object({ id: z.string(), version: z.string(), change: z.enum(['new', 'replaced', 'same']) })),
      notes: z
        .array(
          z.object({
            checklist: z.string(),
            field: z.string().optional(),
            reason: z.enum(['pattern', 'condition', 'strict', 'type']),
            text: z.string(),
          }),
        )
        .describe('What the source says that is carried otherwise, at most 1,000'),
    }),
    problems: ['checklist_unreadable', 'checklist_built_in'],
  }),
  getTemplate: route({
    method: 'GET',
    path: '/templates/:template',
    summary: {
      en: 'An empty workbook or table with the columns of a checklist: `GWC-human.xlsx`, `ERC000033.tsv`, `study.xlsx`',
      zh: '按清单生成空白模板：`GWC-human.xlsx`、`ERC000033.tsv`、`study.xlsx`',
    },
    caller: 'anyone',
    params: z.object({ template: z.string().max(120) }),
    query: z.object({
      sample: z.string().max(100).optional().describe('Checklist of the samples in `study.xlsx`'),
      lang: z.enum(['en', 'zh']).optional(),
    }),
    bytes: { out: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'text/tab-separated-values'] },
  }),
  listRules: route({
    method: 'GET',
    path: '/rules',
    summary: { en: 'Every rule that input is checked by', zh: '全部校验规则' },
    caller: 'anyone',
    reply: z.object({ items: z.array(ruleView) }),
  }),
  getRule: route({
    method: 'GET',
    path: '/rules/:code',
    summary: { en: 'One rule by its code', zh: '按代码读取规则' },
    caller: 'anyone',
    params: z.object({ code: z.string().max(20) }),
    reply: ruleView,
  }),
  listVocabularies: route({
    method: 'GET',
    path: '/vocabularies',
    summary: { en: 'Controlled vocabularies', zh: '受控词表' },
    caller: 'anyone',
    reply: z.object({ items: z.array(vocabularyBrief) }),
  }),
  getVocabulary: route({
    method: 'GET',
    path: '/vocabularies/:vocabulary',
    summary: { en: 'The terms of a vocabulary', zh: '读取词表条目' },
    caller: 'anyone',
    params: z.object({ vocabulary: z.string().max(100) }),
    reply: z.object({
      name: z.string(),
      version: z.string(),
      source: z.string(),
      terms: z.array(z.looseObject(choice.shape)),
    }),
  }),
  suggestTaxa: route({
    method: 'GET',
    path: '/taxonomy/suggestions',
    summary: { en: 'Organisms whose name is like the words given', zh: '按名称查找相近的物种' },
    caller: 'anyone',
    query: z.object({
      name: z.string().trim().min(1).max(200),
      limit: z.coerce.number().int().min(1).max(50).default(10),
    }),
    reply: z.object({ items: z.array(taxonView.omit({ lineage: true })) }),
  }),
  getTaxon: route({
    method: 'GET',
    path: '/taxonomy/taxa/:taxon',
    summary: { en: 'An organism by its NCBI taxonomy id', zh: '按 NCBI 分类编号读取物种' },
    caller: 'anyone',
    params: z.object({ taxon: taxonId }),
    reply: taxonView,
  }),
  getTaxonomy: route({
    method: 'GET',
    path: '/taxonomy',
    summary: { en: 'Where the organisms come from', zh: '物种分类数据的来源与状态' },
    caller: 'anyone',
    reply: taxonomyState,
  }),
  loadTaxonomy: route({
    method: 'PUT',
    path: '/taxonomy',
    summary: { en: 'Load the NCBI taxonomy from taxdump.tar.gz', zh: '从 taxdump.tar.gz 载入 NCBI 分类' },
    caller: 'administer',
    bytes: { in: ['*/*'] },
    reply: taxonomyState,
    status: 202,
    problems: ['taxdump_too_large', 'taxdump_unreadable'],
  }),
};

export const referenceProblems = defineProblems({
  checklist_unreadable: {
    status: 422,
    title: {
      en: 'This is no ENA checklist XML and no MIxS LinkML: {reason}',
      zh: '不是有效的 ENA 清单 XML 或 MIxS LinkML：{reason}',
    },
    hint: { en: 'Send one file as its keeper publishes it.', zh: '请发送发布方提供的原始文件。' },
  },
  checklist_built_in: {
    status: 409,
    title: { en: 'The checklist {id} is part of Geneward', zh: '清单 {id} 为系统内置' },
    hint: { en: 'Give yours another identifier.', zh: '请更换标识符。' },
  },
  taxdump_too_large: {
    status: 413,
    title: { en: 'The taxonomy dump is larger than {limit} bytes', zh: '分类数据超过 {limit} 字节' },
    hint: { en: 'Send taxdump.tar.gz of NCBI.', zh: '请发送 NCBI 的 taxdump.tar.gz。' },
  },
  taxdump_unreadable: {
    status: 422,
    title: { en: 'This is no gzip-compressed tar file', zh: '不是 gzip 压缩的 tar 文件' },
    hint: { en: 'Send taxdump.tar.gz of NCBI.', zh: '请发送 NCBI 的 taxdump.tar.gz。' },
  },
});

export const referenceEvents = defineEvents({
  'reference.checklists_imported': z.object({ new: z.int(), replaced: z.int(), same: z.int(), sha256: z.string() }),
  'reference.taxonomy_received': z.object({ sha256: z.string(), size: z.string() }),
  'reference.taxonomy_loaded': z.object({ sha256: z.string(), taxa: z.int(), names: z.int() }),
  'reference.taxonomy_failed': z.object({ sha256: z.string(), reason: z.string() }),
});
