import type { Text } from '../../rules/rule.ts';
import type { Term, Vocabulary } from '../../vocabulary/vocabulary.ts';

/** A null term; `reason` marks the reporting level that INSDC asks for in collection date and place. */
export interface NullTerm extends Term {
  readonly label: Text;
  readonly reason: boolean;
}

/** The thirteen INSDC null terms. Country and collection date need one with a reason. */
export const nullTerms: Vocabulary<NullTerm> = {
  name: 'null_terms',
  version: '2026-11',
  source: 'INSDC missing value reporting terms',
  terms: [
    { value: 'not applicable', label: { en: 'not applicable', zh: '不适用' }, reason: false },
    { value: 'missing', label: { en: 'missing', zh: '缺失' }, reason: false },
    { value: 'not collected', label: { en: 'not collected', zh: '未采集' }, reason: false },
    { value: 'not provided', label: { en: 'not provided', zh: '未提供' }, reason: false },
    { value: 'restricted access', label: { en: 'restricted access', zh: '访问受限' }, reason: false },
    { value: 'missing: control sample', label: { en: 'missing: control sample', zh: '缺失：对照样本' }, reason: true },
    { value: 'missing: sample group', label: { en: 'missing: sample group', zh: '缺失：样本组' }, reason: true },
    { value: 'missing: synthetic construct', label: { en: 'missing: synthetic construct', zh: '缺失：人工合成构建体' }, reason: true },
    { value: 'missing: lab stock', label: { en: 'missing: lab stock', zh: '缺失：实验室保藏株' }, reason: true },
    { value: 'missing: third party data', label: { en: 'missing: third party data', zh: '缺失：第三方数据' }, reason: true },
    { value: 'missing: data agreement established pre-2023', label: { en: 'missing: data agreement established pre-2023', zh: '缺失：2023年前签订的数据协议' }, reason: true },
    { value: 'missing: endangered species', label: { en: 'missing: endangered species', zh: '缺失：濒危物种' }, reason: true },
    { value: 'missing: human-identifiable', label: { en: 'missing: human-identifiable', zh: '缺失：可识别个人' }, reason: true },
  ],
};

/** What people write in place of a null term, with the INSDC term to offer (DDBJ "null not recommended" list, enlarged). */
export const nearNulls: readonly { readonly value: string; readonly offer: string }[] = [
  ...['NA', 'N/A', 'N.A.', 'N.A', 'N. A.', 'n a', 'does not apply', '无', '不适用的'].map((value) => ({ value, offer: 'not applicable' })),
  ...['Unknown', 'unk', 'unspecified', 'null', 'none', 'nil', 'nan', 'blank', 'not known', 'not available', 'missing data', '#N/A', '?', '未知', '不详', '空', '暂无'].map(
    (value) => ({ value, offer: 'missing' }),
  ),
  ...['not determined', 'ND', 'N.D.', 'not recorded', 'not sampled', 'not measured', '未测', '未记录'].map((value) => ({ value, offer: 'not collected' })),
  ...['not given', 'not stated', 'not reported', 'undisclosed', 'withheld'].map((value) => ({ value, offer: 'not provided' })),
  ...['confidential', 'restricted', '保密'].map((value) => ({ value, offer: 'restricted access' })),
];
