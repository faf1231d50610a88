import type { Rule } from '../rule.ts';

/** Dates, where the patterns of other archives let 2016-02-31 and backward ranges pass. */
export const dateRules = {
  form: {
    code: 'GW1201',
    level: 'error',
    message: { en: '"{value}" in "{field}" is not a date.', zh: '“{field}”中的“{value}”不是日期。' },
    explanation: {
      en: 'Dates follow ISO 8601: YYYY, YYYY-MM, YYYY-MM-DD, with a time if known, or two of them with "/".',
      zh: '日期遵循 ISO 8601：YYYY、YYYY-MM、YYYY-MM-DD，可带时间；区间用“/”连接。',
    },
    mend: { en: 'Write as much of the date as you know.', zh: '请按已知精度填写。' },
    example: { refused: 'collection_date: spring 2020', accepted: 'collection_date: 2020-03/2020-05' },
    same: { ddbj: ['BS_R0007'] },
  },
  calendar: {
    code: 'GW1202',
    level: 'error',
    message: {
      en: '"{value}" in "{field}" is no day of the calendar or no time of the day.',
      zh: '“{field}”中的“{value}”不是真实存在的日期或时间。',
    },
    explanation: { en: 'The form is right, the day does not exist.', zh: '格式正确，但该日期不存在。' },
    mend: { en: 'Check day, month and time.', zh: '请检查日、月和时间。' },
    example: { refused: 'collection_date: 2016-02-31', accepted: 'collection_date: 2016-02-29' },
    same: { ddbj: ['BS_R0007'] },
  },
  order: {
    code: 'GW1203',
    level: 'error',
    message: {
      en: 'The range "{value}" in "{field}" ends before it starts.',
      zh: '“{field}”的区间“{value}”结束早于开始。',
    },
    explanation: { en: 'The first date of a range is the earlier one.', zh: '区间的第一个日期应较早。' },
    mend: { en: 'Swap the dates: "{suggestion}".', zh: '请交换日期：“{suggestion}”。' },
    example: { refused: 'collection_date: 2021-05/2020-05', accepted: 'collection_date: 2020-05/2021-05' },
  },
  future: {
    code: 'GW1204',
    level: 'error',
    message: { en: '"{value}" in "{field}" lies in the future.', zh: '“{field}”中的“{value}”是未来日期。' },
    explanation: { en: 'What is archived has happened.', zh: '归档的事件必须已经发生。' },
    mend: { en: 'Check the year.', zh: '请检查年份。' },
    example: { refused: 'collection_date: 2999', accepted: 'collection_date: 1999' },
    same: { ddbj: ['BS_R0040'] },
  },
  notation: {
    code: 'GW1205',
    level: 'error',
    message: {
      en: '"{value}" in "{field}" is written "{suggestion}" here.',
      zh: '“{field}”中的“{value}”在此应写作“{suggestion}”。',
    },
    explanation: {
      en: 'The date is understood, but only ISO 8601 is kept. NCBI converts such dates silently; here you confirm.',
      zh: '日期可以识别，但只保存 ISO 8601 格式。NCBI 会自动转换；此处由您确认。',
    },
    mend: { en: 'Accept "{suggestion}".', zh: '请接受“{suggestion}”。' },
    example: { refused: 'collection_date: 12-Jan-2020', accepted: 'collection_date: 2020-01-12' },
    same: { ddbj: ['BS_R0007'] },
  },
  ambiguous: {
    code: 'GW1206',
    level: 'error',
    message: {
      en: 'In "{value}" of "{field}" day and month could be swapped.',
      zh: '“{field}”中的“{value}”无法判断日与月的顺序。',
    },
    explanation: {
      en: '03/04/2020 is March in one country and April in another; nobody but you can tell.',
      zh: '03/04/2020 在不同国家含义不同，只有您能确定。',
    },
    mend: { en: 'Write YYYY-MM-DD.', zh: '请写成 YYYY-MM-DD。' },
    example: { refused: 'collection_date: 03/04/2020', accepted: 'collection_date: 2020-04-03' },
    same: { ddbj: ['BS_R0007'] },
  },
  zone: {
    code: 'GW1207',
    level: 'hint',
    message: { en: 'The time "{value}" in "{field}" names no time zone.', zh: '“{field}”中的时间“{value}”没有时区。' },
    explanation: {
      en: 'Without a zone the moment is uncertain by more than a day.',
      zh: '没有时区，时刻的不确定性可超过一天。',
    },
    mend: { en: 'Add Z for UTC or an offset such as +08:00.', zh: '请加 Z（UTC）或偏移量，例如 +08:00。' },
    example: { refused: 'collection_date: 2020-01-12T08:30', accepted: 'collection_date: 2020-01-12T08:30+08:00' },
  },
  range: {
    code: 'GW1208',
    level: 'error',
    message: {
      en: '"{field}" takes one date, not the range "{value}".',
      zh: '“{field}”只能填写单个日期，不能填写区间“{value}”。',
    },
    explanation: { en: 'The field names a moment.', zh: '该字段表示某一时刻。' },
    mend: { en: 'Give the day, or the month when the day is unknown.', zh: '请填写具体日期；未知时填写月份。' },
    example: { refused: 'receipt_date: 2020-01/2020-02', accepted: 'receipt_date: 2020-01' },
  },
} as const satisfies Record<string, Rule>;
