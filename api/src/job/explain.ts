import type { Text } from '@geneward/metadata';
import type { JobKind, JobSpecification } from './specification.ts';

const opened: Readonly<Record<JobKind, Text>> = {
  'case-control': {
    en: 'for each variant, how many cases and controls of all parties together carry two, one and no copies of the counted allele',
    zh: '每个变异在全部参与方合计的病例与对照中，携带计数等位基因两份、一份和零份的人数',
  },
  linear: {
    en: 'pooled means and deviations of outcome and covariates; for each variant, the pooled sums of squares and products of genotype, covariates and outcome',
    zh: '结局与协变量的合计均值与标准差；每个变异的基因型、协变量与结局的合计平方和与乘积和',
  },
  logistic: {
    en: 'pooled means and deviations of covariates; at each step of the fit, and for each variant, the pooled score and information',
    zh: '协变量的合计均值与标准差；拟合的每一步及每个变异的合计得分与信息矩阵',
  },
  pca: {
    en: 'pooled allele counts of each variant and, in each round, a block of the pooled relationship matrix applied to public vectors; coordinates of individuals stay with their institution',
    zh: '每个变异的合计等位基因计数，以及每轮中合计亲缘矩阵作用于公开向量的结果；个体坐标留在所属机构',
  },
  survival: {
    en: 'for each group and interval of time, how many events and withdrawals all parties have together',
    zh: '各组各时间区间内全部参与方合计的事件数与删失数',
  },
};

/** What each party learns, in plain words, computed from the job: shown before anybody approves. */
export function explainJob(job: JobSpecification): Text[] {
  const n = job.parties.length;
  const usesGenotypes = job.analysis.kind !== 'survival';
  return [
    {
      en: `Every party learns ${opened[job.analysis.kind].en}.`,
      zh: `每一方都会得知：${opened[job.analysis.kind].zh}。`,
    },
    {
      en: 'Nobody, the platform included, receives a single individual’s value: what leaves a party is masked with random numbers that only cancel in the total.',
      zh: '任何人（包括平台）都不会收到个体数值：离开参与方的数据均以随机数掩盖，只有求和后才抵消。',
    },
    n === 2
      ? {
          en: 'There are two parties: each can subtract its own part from the total and so learns the other’s part of every number above.',
          zh: '仅有两方：任一方都可从总数中减去自己的部分，从而得知另一方在上述每个数字中的部分。',
        }
      : {
          en: `If ${n - 1} parties put their parts together they learn the part of the remaining one; fewer learn no more than the total without their own parts.`,
          zh: `若 ${n - 1} 方合谋，可得知剩余一方的部分；更少的合谋方只能得知扣除自身后的总和。`,
        },
    ...(usesGenotypes
      ? [
          {
            en: 'The parties exchange the lists of their variants (position and alleles, no genotypes) to find the common ones. A rare variant in such a list tells that somebody at that institution carries it.',
            zh: '各方交换变异清单（位置与等位基因，不含基因型）以确定共有变异。清单中的罕见变异会透露该机构有人携带。',
          },
        ]
      : []),
    {
      en: `Counts below ${job.thresholds.cell} are suppressed in the released results, but the parties’ programs see the totals: suppression is a rule of release, not of the cryptography.`,
      zh: `小于 ${job.thresholds.cell} 的计数在发布结果中会被隐去，但各方程序可见总数：此为发布规则，而非密码学保证。`,
    },
    {
      en: 'Protection is against parties that follow the protocol and look at all they see (semi-honest). A party that lies about its own data can falsify the result, and this is not detected; a party that tells different partners different things is, and the job aborts.',
      zh: '防护对象为遵守协议但会查看其所见一切的参与方（半诚实）。参与方若谎报自身数据可使结果失真且不会被发现；若向不同伙伴发送不同内容则会被发现并中止。',
    },
  ];
}
