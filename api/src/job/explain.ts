import type { Text } from '@geneward/metadata';
import { explain, type Learnt } from '@geneward/mpc';
import type { JobKind, JobSpecification } from './specification.ts';

export type { Learnt } from '@geneward/mpc';

const opened: Readonly<Record<JobKind, Text>> = {
  'case-control': {
    en: 'for each variant, how many cases and controls of all parties together carry two, one and no copies of the counted allele',
    zh: '每个变异在全部参与方合计的病例与对照中,携带计数等位基因两份、一份和零份的人数',
  },
  linear: {
    en: 'pooled means and deviations of outcome and covariates; for each variant, the pooled sums of squares and products of genotype, covariates and outcome',
    zh: '结局与协变量的合计均值与标准差;每个变异的基因型、协变量与结局的合计平方和与乘积和',
  },
  logistic: {
    en: 'pooled means and deviations of covariates; at each step of the fit, and for each variant, the pooled score and information',
    zh: '协变量的合计均值与标准差;拟合的每一步及每个变异的合计得分与信息矩阵',
  },
  pca: {
    en: 'pooled allele counts of each variant and, in each round, a block of the pooled relationship matrix applied to public vectors; coordinates of individuals stay with their institution',
    zh: '每个变异的合计等位基因计数,以及每轮中合计亲缘矩阵作用于公开向量的结果;个体坐标留在所属机构',
  },
  survival: {
    en: 'for each group and interval of time, how many events and withdrawals all parties have together',
    zh: '各组各时间区间内全部参与方合计的事件数与删失数',
  },
};

/** Who learns what, under which collusion, computed from the job: shown before anybody approves. */
export function explainJob(job: JobSpecification): Learnt[] {
  return explain({
    layer: 'sum',
    mode: 'semi-honest',
    inputs: job.parties.map(({ name }) => name),
    recipients: [],
    opened: opened[job.analysis.kind],
    variantLists: job.analysis.kind !== 'survival',
    releaseCell: job.thresholds.cell,
    ...(job.outputs && { platform: job.outputs.recipients }),
  });
}
