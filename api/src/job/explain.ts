import type { Text } from '@geneward/metadata';
import { explain, type Learnt } from '@geneward/mpc';
import { isSplit, jobLayer, nodesOf, type JobKind, type JobSpecification, type PartyRole } from './specification.ts';

export type { Learnt } from '@geneward/mpc';

const opened: Readonly<
  Record<
    Exclude<JobKind, 'association' | 'kinship' | 'sequence-distance' | 'split-association' | 'split-regression'>,
    Text
  >
> = {
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
  'meta-analysis': {
    en: 'for each variant, the number of institutions with an estimate and the pooled sums of weights and weighted effects, of which the fixed and the random effect and their heterogeneity are functions',
    zh: '每个变异有估计值的机构数,以及权重与加权效应的合计值(固定效应、随机效应与异质性均由此得出)',
  },
  describe: {
    en: 'for each variable, the pooled number, mean and spread, and how many individuals of all parties fall into each bin of its histogram',
    zh: '每个变量的合计人数、均值与离散度,以及全部参与方落入直方图各区间的人数',
  },
  overlap: {
    en: 'how many identifiers each of the two brings',
    zh: '双方各自带来的标识数量',
  },
};

const association: Readonly<Record<'statistic' | 'counts', Text>> = {
  statistic: {
    en: 'the number of individuals and, for each variant, how many alleles of all parties together were called in cases and in controls, and the statistic of the test; from these the counts can be worked out but for two things: which of the two alleles is counted, and in which group it is commoner',
    zh: '个体总数,以及每个变异在全部参与方合计的病例与对照中检出的等位基因数和检验统计量;由此可推算出计数,仅无法区分计数的是哪个等位基因、以及其在哪一组更常见',
  },
  counts: {
    en: 'the number of individuals and, for each variant, how many alleles of all parties together were called and how many of them are the counted one, in cases and in controls',
    zh: '个体总数,以及每个变异在全部参与方合计的病例与对照中检出的等位基因数及其中计数等位基因的数量',
  },
};

const splitRegression: Text = {
  en: 'the number of individuals whom both have, and for each variant two numbers that effect, error and test are functions of (linear), or the score and its variance (logistic); of a linear model also the standard deviation of what the covariates leave of the outcome',
  zh: '双方共有的个体数,以及每个变异的两个数值:效应、标准误与检验均由其得出(线性),或得分及其方差(逻辑);线性模型还有协变量未解释部分的标准差',
};

const kinship: Readonly<Record<'coefficient' | 'related', Text>> = {
  coefficient: {
    en: 'how many individuals each institution has and, for each pair of individuals of two institutions, numbered as in their lists, in how many variants that both have called each is heterozygous, and the kinship coefficient; this tells about individuals, not only about groups',
    zh: '各机构的个体数,以及两机构间每一对个体(按其清单编号)在双方均检出的变异中各自杂合的数量与亲缘系数;这涉及个体,而不仅是群体',
  },
  related: {
    en: 'how many individuals each institution has, and which pairs of individuals of two institutions, numbered as in their lists, are more closely related than the threshold',
    zh: '各机构的个体数,以及两机构间哪些个体对(按其清单编号)的亲缘关系高于阈值',
  },
};

const sequenceDistance: Readonly<Record<'distance' | 'close', Text>> = {
  distance: {
    en: 'how many genomes each institution has, how long the alignment is and, for each pair of genomes of two institutions, numbered as in their lists, at how many places they differ; distances to many known genomes can place an unknown one',
    zh: '各机构的基因组数、比对长度,以及两机构间每一对基因组(按其清单编号)相差的位置数;与许多已知基因组的距离可用于定位未知基因组',
  },
  close: {
    en: 'how many genomes each institution has, how long the alignment is, and which pairs of genomes of two institutions, numbered as in their lists, are as close as the job says',
    zh: '各机构的基因组数、比对长度,以及两机构间哪些基因组对(按其清单编号)的距离不超过任务规定的数值',
  },
};

function openedIn({ analysis }: JobSpecification): Text {
  if (analysis.kind === 'association') return association[analysis.release];
  if (analysis.kind === 'split-association') return association[analysis.release];
  if (analysis.kind === 'split-regression') return splitRegression;
  if (analysis.kind === 'kinship') return kinship[analysis.release];
  return analysis.kind === 'sequence-distance' ? sequenceDistance[analysis.release] : opened[analysis.kind];
}

const holder = ({ parties }: JobSpecification, which: PartyRole): string =>
  parties.find(({ role }) => role === which)?.name ?? '';

/** Who learns what, under which collusion, computed from the job: shown before anybody approves. */
export function explainJob(job: JobSpecification): Learnt[] {
  const { analysis, thresholds } = job;
  const layer = jobLayer[analysis.kind];
  const names = job.parties.map(({ name }) => name);
  return explain({
    layer,
    mode: job.security ?? 'semi-honest',
    inputs: job.parties.flatMap(({ name, role }) => (role === 'helper' ? [] : [name])),
    recipients: layer === 'replicated' ? names : [],
    opened: openedIn(job),
    variantLists: !['survival', 'describe', 'overlap', 'sequence-distance'].includes(analysis.kind),
    ...(layer === 'replicated' && { nodes: nodesOf(job) }),
    ...((analysis.kind === 'association' || analysis.kind === 'split-association') &&
      thresholds.cell > 0 && { minimumCell: thresholds.cell }),
    ...(isSplit(analysis.kind) && {
      split: { genotypes: holder(job, 'genotypes'), phenotypes: holder(job, 'phenotypes') },
    }),
    ...(layer === 'sum' && { releaseCell: thresholds.cell }),
    ...(analysis.kind === 'overlap' && { reveal: analysis.reveal }),
    ...(job.outputs && { platform: job.outputs.recipients }),
  });
}
