import { events, fieldsOf, plans, stageOf, stages, wordsOf, type Stage } from '@geneward/api';
import type { Language } from '@geneward/metadata';

const say = {
  en: {
    title: 'Acts on the ledger',
    made: 'Made from the contract by `npm run generate`.',
    lead: 'Every act has a type and content of a fixed form. The statement in a receipt has the predicate type `urn:geneward:act:<type>:v1` and this content; the stage is one of the six key nodes of the Group standard "Blockchain: guide for genetic data services" (2019), or governance.',
    columns: 'act | what it is | content',
    also: 'An act of another stage for some objects: an accession of a sample belongs to sampling, of an experiment or run to sequencing.',
    plans: 'Acts that announce others',
    plansLead: '`geneward monitor` and the supervision page tell when what was announced has no end in time.',
    planColumns: 'announced by | ended by | hours',
  },
  zh: {
    title: '账本操作目录',
    made: '由接口契约通过 `npm run generate` 生成。',
    lead: '每项操作都有固定的类型与内容格式。回执中声明的谓词类型为 `urn:geneward:act:<类型>:v1`，内容如下；阶段取自团体标准《区块链 基因数据服务指南》（2019）的六个关键节点，另加“治理”。',
    columns: '操作 | 含义 | 内容',
    also: '部分对象的编号操作属于其他阶段：样本属于采样，实验与测序运行属于测序。',
    plans: '预告性操作',
    plansLead: '预告的操作若逾期未结束，`geneward monitor` 与监管页面会提示。',
    planColumns: '预告 | 结束 | 小时',
  },
} as const;

const stageWords: Readonly<Record<Stage, { en: string; zh: string }>> = {
  sampling: { en: 'Sampling', zh: '采样' },
  sequencing: { en: 'Sequencing', zh: '测序' },
  preprocessing: { en: 'Pre-processing', zh: '预处理' },
  custody: { en: 'Analysis, storage, transmission, destruction', zh: '分析、存储、传输与销毁' },
  application: { en: 'Application', zh: '应用' },
  verification: { en: 'Third-party verification', zh: '第三方核验' },
  governance: { en: 'Governance', zh: '治理' },
};

/** Stages that an act can belong to: an accession belongs to that of its object. */
const stagesOf = (type: string): Stage[] =>
  type === 'object.accessioned'
    ? (['sample', 'run', 'project'] as const).flatMap((object) => stageOf(type, { type: object }) ?? [])
    : [stageOf(type) ?? 'governance'];

/** The catalogue of acts as one page a language. */
export function eventPages(): Record<string, string> {
  return { 'docs/events/en.md': page('en'), 'docs/events/zh.md': page('zh') };
}

function page(language: Language): string {
  const text = say[language];
  const parts = stages.map((stage) => {
    const rows = Object.entries(events)
      .filter(([type]) => stagesOf(type).includes(stage))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([type, content]) => `| \`${type}\` | ${wordsOf(type)?.[language] ?? ''} | ${fieldsOf(content) || '—'} |`);
    return [`## ${stageWords[stage][language]}`, '', ...table(text.columns, rows)].join('\n');
  });
  const announced = Object.entries(plans).map(
    ([type, { ends, hours }]) => `| \`${type}\` | ${ends.map((end) => `\`${end}\``).join(', ')} | ${hours} |`,
  );
  return [
    `# ${text.title}`,
    text.made,
    text.lead,
    text.also,
    ...parts,
    `## ${text.plans}`,
    text.plansLead,
    table(text.planColumns, announced).join('\n'),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

const table = (columns: string, rows: readonly string[]): string[] => [
  `| ${columns} |`,
  `| ${columns
    .split('|')
    .map(() => '---')
    .join(' | ')} |`,
  ...rows,
];
