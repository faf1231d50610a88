import { z } from 'zod';
import { route } from './contract.ts';
import { defineEvents } from './event.ts';
import { findingView } from './finding.ts';
import { uuid } from './page.ts';
import { defineProblems } from './problem.ts';
import { useTerms } from './virus.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const kind = z
  .enum(['archive', 'folder', 'feed', 'partner'])
  .describe(
    'archive: what this archive releases of an organism; folder: FASTA files beside tables; feed: metadata.tsv and sequences.fasta; partner: shared batches of another installation',
  );

export const virusSource = z.object({
  ...useTerms.shape,
  id: uuid,
  kind,
  title: z.string(),
  address: z.string(),
  dataset: sha256,
  shared: z.boolean(),
  organisation: uuid,
  active: z.boolean(),
  batches: z.int().describe('Batches that came from it'),
  genomes: z.int(),
  lookedAt: z.iso.datetime().optional(),
  finding: findingView.optional().describe('What was wrong when it was last looked at'),
  createdAt: z.iso.datetime(),
});
export type VirusSource = z.output<typeof virusSource>;

const byId = z.object({ source: uuid });

/** Where genomes are fetched from again and again. */
export const virusSourceRoutes = {
  addVirusSource: route({
    method: 'POST',
    path: '/virus/sources',
    summary: {
      en: 'Fetch genomes from somewhere, with the terms that they come under',
      zh: '添加基因组来源及其使用条款',
    },
    caller: 'review',
    body: useTerms.extend({
      kind,
      title: z.string().trim().min(1).max(300),
      address: z
        .string()
        .trim()
        .min(1)
        .max(2000)
        .describe('Of a feed or partner its address, of a folder its name, of the archive the organism'),
      dataset: z.string().trim().min(1).max(200).describe('Hash, id, name or shortcut, also with @version'),
      shared: z.boolean().default(false),
    }),
    reply: virusSource,
    status: 201,
    idempotent: true,
    problems: ['virus_dataset_unknown', 'virus_source_refused'],
  }),
  listVirusSources: route({
    method: 'GET',
    path: '/virus/sources',
    summary: { en: 'Sources of your institution', zh: '本机构的基因组来源' },
    caller: 'review',
    reply: z.object({ items: z.array(virusSource) }),
  }),
  fetchVirusSource: route({
    method: 'POST',
    path: '/virus/sources/:source/fetch',
    summary: { en: 'Look for new genomes now', zh: '立即获取新基因组' },
    caller: 'review',
    params: byId,
    reply: virusSource,
    status: 202,
  }),
  setVirusSource: route({
    method: 'PUT',
    path: '/virus/sources/:source/active',
    summary: { en: 'Pause a source or go on with it', zh: '暂停或恢复来源' },
    caller: 'review',
    params: byId,
    body: z.object({ active: z.boolean() }),
    reply: virusSource,
  }),
};

export const virusSourceProblems = defineProblems({
  virus_source_refused: {
    status: 422,
    title: { en: 'Nothing can be fetched from {address}: {reason}', zh: '无法从 {address} 获取：{reason}' },
    hint: {
      en: 'Name an address of a host in the setting virus.hosts, or a folder in that of virus.folder.',
      zh: '请使用配置项 virus.hosts 中主机的地址，或 virus.folder 下的文件夹。',
    },
  },
});

export const virusSourceEvents = defineEvents({
  'virus.source_added': z.object({ kind, dataset: sha256, license: z.string(), shared: z.boolean() }),
  'virus.source_set': z.object({ active: z.boolean() }),
  'virus.source_looked': z.object({ batches: z.int(), withdrawn: z.int() }),
  'virus.source_failed': z.object({ code: z.string() }),
});
