import type { Category, Label } from '@geneward/api';
import type { Text } from '@geneward/metadata';

/** A dated rule: from `validFrom` on, a submission that it meets needs this many different reviewers. */
interface ReviewRule {
  readonly id: string;
  readonly validFrom: string;
  /** The day on which the rule stopped to hold; absent while it holds. */
  readonly validUntil?: string;
  readonly source: Text;
  readonly reason: Text;
  readonly reviewers: number;
  /** Met by a submission at or above this sensitivity, or of one of these categories. */
  readonly when: { readonly gradeAtLeast?: number; readonly categories?: readonly Category[] };
}

const humanGeneticResources: Text = {
  en: 'Regulations of the PRC on the Administration of Human Genetic Resources (State Council Decree 717, amended 2024) and their Implementing Rules (MOST Decree 21, in force 2023-07-01)',
  zh: '《中华人民共和国人类遗传资源管理条例》（国务院令第 717 号，2024 年修订）及其《实施细则》（科学技术部令第 21 号，2023 年 7 月 1 日起施行）',
};
const dataSecurity: Text = {
  en: 'Data Security Law of the PRC, article 21 (graded and classified protection), in force 2021-09-01',
  zh: '《中华人民共和国数据安全法》第二十一条（数据分类分级保护），2021 年 9 月 1 日起施行',
};

/** The rule pack: rules are added with a date, and ended with a date; none is edited. */
export const reviewRules: readonly ReviewRule[] = [
  {
    id: 'two-reviewers-human-genetic-resource',
    validFrom: '2023-07-01',
    source: humanGeneticResources,
    reason: {
      en: 'The submission holds information on human genetic resources.',
      zh: '该提交含有人类遗传资源信息。',
    },
    reviewers: 2,
    when: { categories: ['human_genetic_resource'] },
  },
  {
    id: 'two-reviewers-sensitive-grade',
    validFrom: '2021-09-01',
    source: dataSecurity,
    reason: { en: 'The submission is of sensitivity grade 3 or 4.', zh: '该提交的敏感等级为 3 级或 4 级。' },
    reviewers: 2,
    when: { gradeAtLeast: 3 },
  },
];

/** The rules that a submission meets on a day (`YYYY-MM-DD`), and how many different reviewers they ask for together. */
export function reviewersFor(
  label: Label,
  day: string,
  rules: readonly ReviewRule[] = reviewRules,
): { reviewers: number; rules: readonly ReviewRule[] } {
  const met = rules.filter(
    (rule) =>
      rule.validFrom <= day && (rule.validUntil === undefined || day < rule.validUntil) && meets(label, rule.when),
  );
  return { reviewers: Math.max(1, ...met.map((rule) => rule.reviewers)), rules: met };
}

function meets(label: Label, { gradeAtLeast, categories = [] }: ReviewRule['when']): boolean {
  return (
    (gradeAtLeast !== undefined && label.grade >= gradeAtLeast) ||
    categories.some((category) => label.categories.includes(category))
  );
}
