import type { Text } from '../rules/rule.ts';
import type { ObjectType } from './record.ts';

/** What the object types are called in running text. */
export const typeNames: Readonly<Record<ObjectType, Text>> = {
  project: { en: 'project', zh: '项目' },
  sample: { en: 'sample', zh: '样本' },
  experiment: { en: 'experiment', zh: '实验' },
  run: { en: 'run', zh: '测序运行' },
  assembly: { en: 'assembly', zh: '组装' },
  variation: { en: 'variation', zh: '变异' },
  sequence: { en: 'sequence', zh: '序列' },
  metabolism: { en: 'metabolism', zh: '代谢' },
  single_cell: { en: 'single-cell set', zh: '单细胞数据' },
  analysis: { en: 'analysis', zh: '分析' },
};
