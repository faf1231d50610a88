import { rule } from '@geneward/formats';

/** What may be wrong with the tables beside genomes: who, where, when, and counts of lineages; and with records of what was done. */
export const tableRules = {
  column: rule('GW7301', 'error', {
    message: ['The table has no column {name}; it has: {known}.', '表中没有列 {name}；现有：{known}。'],
    explanation: ['The first row names the columns, divided by tabs.', '首行为以制表符分隔的列名。'],
    mend: ['Add the column or name the one that holds it.', '请补充该列或指定对应的列。'],
    refused: 'strain, country',
    accepted: 'strain, date, country',
  }),
  count: rule('GW7302', 'error', {
    message: ['“{value}” is no count.', '“{value}”不是计数。'],
    explanation: ['A count is a whole number from 0.', '计数为不小于 0 的整数。'],
    mend: ['Write a whole number.', '请写整数。'],
    refused: '1.5',
    accepted: '12',
  }),
  day: rule('GW7309', 'error', {
    message: ['“{date}” is no day.', '“{date}”不是有效日期。'],
    explanation: [
      'Counts belong to a day of the calendar, written YYYY-MM-DD.',
      '计数须对应日历上的某日，写作 YYYY-MM-DD。',
    ],
    mend: ['Write the day; leave out counts of which only the month is known.', '请写明日期；仅知月份的计数请删除。'],
    refused: '2020-XX',
    accepted: '2020-04-01',
  }),
  place: rule('GW7303', 'warning', {
    message: ['The place {place} is not known; it has no coordinates.', '未知地点 {place}，无坐标。'],
    explanation: [
      'Places stand on the map by the coordinates of the data set; an unknown one counts but is not drawn.',
      '地点按数据集坐标显示在地图上；未知地点计入统计但不显示。',
    ],
    mend: ['Write the place as the data set does, or add its coordinates.', '请按数据集写法填写地点，或补充坐标。'],
    refused: 'Atlantis',
    accepted: 'Portugal',
  }),
  sample: rule('GW7304', 'warning', {
    message: ['{name} stands in the table but is no genome given.', '表中的 {name} 不在所给基因组中。'],
    explanation: ['Rows are joined to genomes by name.', '表行按名称与基因组关联。'],
    mend: ['Write the name as in the FASTA file.', '请与 FASTA 文件中的名称保持一致。'],
    refused: 'a row for b beside >a',
    accepted: 'a row for a beside >a',
  }),
  undated: rule('GW7305', 'warning', {
    message: ['{name} has no date.', '{name} 没有日期。'],
    explanation: [
      'A genome without a date is placed; its date is inferred from the tree.',
      '无日期的基因组仍会被放置，其日期由树推断。',
    ],
    mend: ['Give its date of collection.', '请提供采样日期。'],
    refused: '(empty)',
    accepted: '2021-03-04',
  }),
  few: rule('GW7306', 'error', {
    message: ['There are too few counts: {reason}.', '计数过少：{reason}。'],
    explanation: [
      'Growth is told from at least two lineages on at least two days.',
      '增长估计至少需要两个谱系、两个日期的数据。',
    ],
    mend: ['Give counts of more days.', '请提供更多日期的计数。'],
    refused: 'one day',
    accepted: '150 days',
  }),
  later: rule('GW7307', 'error', {
    message: [
      'The forecast is locked as of {asOf}; the counts reach to {last}.',
      '预测锁定于 {asOf}，而计数已到 {last}。',
    ],
    explanation: ['A forecast is made from what was known on its day.', '预测只能使用当日已知的数据。'],
    mend: ['Give the counts as they were on that day.', '请提供当日的计数。'],
    refused: 'counts of March in a forecast of February',
    accepted: 'counts to the day before',
  }),
  record: rule('GW7308', 'error', {
    message: [
      '{what} has the hash {found}; the record says {expected}.',
      '{what} 的哈希为 {found}，记录为 {expected}。',
    ],
    explanation: [
      'A record holds the hashes of inputs and outputs, so that a conclusion can be recomputed.',
      '记录包含输入与输出的哈希，以便重新计算结论。',
    ],
    mend: ['Give the files that the record was made from.', '请提供记录所依据的文件。'],
    refused: 'a tree that was edited',
    accepted: 'the tree as it was written',
  }),
  untold: rule('GW7310', 'error', {
    message: ['Nothing of {from} to {to} has come that was not known before.', '{from} 至 {to} 期间没有新到的数据。'],
    explanation: [
      'A forecast is scored on places and days of which nothing was known when it was locked.',
      '预测仅在锁定时毫无数据的地点与日期上评分。',
    ],
    mend: ['Send genomes of those days with date and place.', '请提交这些日期的基因组及其日期与地点。'],
    refused: 'no genomes of April after a forecast of March',
    accepted: 'genomes of April from three places',
  }),
};
