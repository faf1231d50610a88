import type { Rule } from '../rule.ts';

/** How absence may and may not be told. */
export const nullRules = {
  forbidden: {
    code: 'GW1101',
    level: 'error',
    message: {
      en: '"{field}" needs a true value; "{value}" says that there is none.',
      zh: '“{field}”必须填写真实值；“{value}”表示没有值。',
    },
    explanation: {
      en: 'Organism, taxonomy identifier, strain and the like carry the meaning of the object.',
      zh: '物种、分类号、菌株等字段决定了对象的含义。',
    },
    mend: {
      en: 'Give the value; for an unidentified organism use "Genus sp." with your isolate.',
      zh: '请填写真实值；未鉴定的物种请用“属名 sp.”加分离株号。',
    },
    example: { refused: 'organism: missing', accepted: 'organism: Bacillus sp. SZ-17' },
    same: { ddbj: ['BS_R0132', 'BP_R0055'] },
  },
  reason: {
    code: 'GW1102',
    level: 'error',
    message: {
      en: '"{value}" in "{field}" must say why: a reporting-level term is needed.',
      zh: '“{field}”中的“{value}”必须说明原因：需使用带原因的缺失值术语。',
    },
    explanation: {
      en: 'Since 2023 INSDC asks for the reason when the place or the date of collection is missing.',
      zh: '自 2023 年起，INSDC 要求在缺少采集地点或日期时注明原因。',
    },
    mend: {
      en: 'Use for example "missing: lab stock" or "missing: human-identifiable".',
      zh: '例如使用“missing: lab stock”或“missing: human-identifiable”。',
    },
    example: { refused: 'collection_date: missing', accepted: 'collection_date: missing: lab stock' },
    same: { ddbj: ['BS_R0137'] },
    source: 'INSDC missing value reporting terms, spatio-temporal metadata announcement 2023',
  },
  optional: {
    code: 'GW1103',
    level: 'warning',
    message: { en: 'Leave "{field}" empty instead of "{value}".', zh: '“{field}”无值时请留空，不要填“{value}”。' },
    explanation: {
      en: 'In optional fields an empty cell already says that there is no value.',
      zh: '可选字段留空即表示无值。',
    },
    mend: { en: 'Empty the cell.', zh: '请清空该单元格。' },
    example: { refused: 'altitude: not collected', accepted: 'altitude: (empty)' },
    same: { ddbj: ['BS_R0100', 'BP_R0063'] },
  },
  near: {
    code: 'GW1104',
    level: 'warning',
    message: {
      en: '"{value}" in "{field}" is not an INSDC null term; "{suggestion}" is.',
      zh: '“{field}”中的“{value}”不是 INSDC 缺失值术语；应为“{suggestion}”。',
    },
    explanation: {
      en: 'Many words for nothing make searching for something impossible.',
      zh: '缺失值写法各异会使检索失效。',
    },
    mend: { en: 'Accept "{suggestion}", or give the value.', zh: '请接受“{suggestion}”，或填写真实值。' },
    example: { refused: 'host_sex: N/A', accepted: 'host_sex: not applicable' },
    same: { ddbj: ['BS_R0001', 'BP_R0061'] },
  },
  spelling: {
    code: 'GW1105',
    level: 'warning',
    message: {
      en: '"{value}" in "{field}" is written "{suggestion}".',
      zh: '“{field}”中的“{value}”应写作“{suggestion}”。',
    },
    explanation: { en: 'INSDC null terms have one spelling, in lower case.', zh: 'INSDC 缺失值术语只有一种小写写法。' },
    mend: { en: 'Accept "{suggestion}".', zh: '请接受“{suggestion}”。' },
    example: { refused: 'host_sex: Not Collected', accepted: 'host_sex: not collected' },
    same: { ddbj: ['BS_R0001'] },
  },
} as const satisfies Record<string, Rule>;
