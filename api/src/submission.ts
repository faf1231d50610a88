import { objectTypes, relations } from '@geneward/metadata';
import { z } from 'zod';
import { route } from './contract.ts';
import { defineEvents } from './event.ts';
import { fileState } from './files.ts';
import { findingView } from './finding.ts';
import { label } from './label.ts';
import { pageOf, pageQuery, uuid } from './page.ts';
import { defineProblems } from './problem.ts';

/** The way of a changeset from the first sheet to acceptance. */
export const submissionStatuses = ['draft', 'checking', 'in_review', 'returned', 'accepted', 'withdrawn'] as const;
export const submissionStatus = z.enum(submissionStatuses);
export type SubmissionStatus = z.infer<typeof submissionStatus>;

/** The way of one object. Until acceptance it follows the submission that brought it. */
export const objectStatuses = [
  'draft',
  'checking',
  'in_review',
  'returned',
  'accepted',
  'held',
  'released',
  'suppressed',
  'withdrawn',
  'destroyed',
] as const;
export const objectStatus = z.enum(objectStatuses);
export type ObjectStatus = z.infer<typeof objectStatus>;

/** Who reads what once it is released: all of it, its metadata, nothing. */
export const accessManners = ['public', 'controlled', 'private'] as const;
export const accessManner = z.enum(accessManners);
export type AccessManner = z.infer<typeof accessManner>;

export const objectType = z.enum(objectTypes);
export const relation = z.enum(relations);

/** A file as a sheet names it, before or after its bytes have come. */
export const declaredFile = z.object({
  name: z.string().min(1).max(255),
  format: z.string().min(1).max(50),
  md5: z
    .string()
    .regex(/^[0-9a-f]{32}$/, '32 lower-case hexadecimal digits')
    .optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits')
    .optional(),
  unencryptedMd5: z.string().max(100).optional().describe('As ENA tables give it beside the MD5 of an encrypted file'),
  readTypes: z.array(z.string().max(50)).max(10).optional(),
});

const fieldName = z.string().min(1).max(200);
const fieldText = z.string().max(100_000);

/** What a submitter says about one object: the same content as one row of a sheet. */
export const objectRecord = z.object({
  type: objectType,
  alias: z.string().trim().min(1).max(500),
  title: z.string().max(5000).optional(),
  checklist: z.string().max(100).optional(),
  attributes: z.record(fieldName, z.union([fieldText, z.array(fieldText).max(1000)])).default({}),
  units: z.record(fieldName, z.string().max(100)).default({}),
  references: z
    .array(z.object({ relation, type: objectType, target: z.string().min(1).max(500) }))
    .max(10_000)
    .default([]),
  files: z.array(declaredFile).max(1000).default([]),
});
export type ObjectRecord = z.infer<typeof objectRecord>;

/** What an entry of a submission does to the archive. */
const change = z.enum(['new', 'revised']);

/** One object as a submission would have it. */
export const submissionEntry = objectRecord.extend({
  object: uuid,
  version: z.int(),
  change,
  accession: z.string().optional(),
  sheet: z.string().optional(),
  errors: z.int().describe('Errors that name this object'),
});
export type SubmissionEntry = z.infer<typeof submissionEntry>;

/** How many findings of each level there are; `codes` counts also those beyond the kept ones. */
export const findingCounts = z.object({
  errors: z.int(),
  warnings: z.int(),
  hints: z.int(),
  codes: z.record(z.string(), z.int()),
});

/** A sheet of a submission and what came of reading it. */
export const submissionSheet = z.object({
  name: z.string(),
  sha256: z.string(),
  size: z.string().describe('Bytes, a decimal string'),
  state: z.enum(['reading', 'read', 'failed']).describe('failed: the sheet could not be read; nothing of it was taken'),
  progress: z.string().describe('Records read so far, a decimal string'),
  records: z.object({ new: z.int(), revised: z.int(), unchanged: z.int(), removed: z.int() }),
  counts: findingCounts,
  receivedAt: z.iso.datetime(),
  readAt: z.iso.datetime().optional(),
});
export type SubmissionSheet = z.infer<typeof submissionSheet>;

/** A file that a submission names, with its live state; `missing` until its bytes have come. */
export const submissionFile = declaredFile.extend({
  object: uuid,
  type: objectType,
  alias: z.string(),
  state: fileState,
  file: uuid.optional(),
  size: z.string().optional().describe('Bytes, a decimal string'),
});
export type SubmissionFile = z.infer<typeof submissionFile>;

/** A changeset of one submitter, reviewed and accepted as a whole. */
export const submission = z.object({
  id: uuid,
  title: z.string(),
  status: submissionStatus,
  version: z.int().describe('Also the ETag'),
  organisation: uuid,
  submitter: uuid,
  manner: accessManner,
  useTerms: z.string(),
  releaseOn: z.iso.date().optional(),
  label,
  objects: z.array(z.object({ type: objectType, new: z.int(), revised: z.int() })),
  files: z.object({ declared: z.int(), arrived: z.int(), faulty: z.int() }),
  sheets: z.array(submissionSheet),
  counts: findingCounts.describe('Findings of all sheets and of the last check'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  submittedAt: z.iso.datetime().optional(),
  decidedAt: z.iso.datetime().optional(),
});
export type Submission = z.infer<typeof submission>;

const brief = submission.omit({ objects: true, files: true, sheets: true, counts: true });
const submissionParams = z.object({ submission: uuid });
const sheetName = z
  .string()
  .min(1)
  .max(200)
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  .regex(/^[^\u0000-\u001f/\\]+$/, 'no slashes and no control characters');
const sheetParams = submissionParams.extend({ sheet: sheetName });
const entryParams = submissionParams.extend({ object: uuid });
const formats = z.enum(['tsv', 'json', 'xml', 'xlsx']);
const details = {
  title: z.string().trim().min(1).max(500),
  manner: accessManner,
  useTerms: z.string().max(5000),
  releaseOn: z.iso.date().nullable(),
};

/** What a lossy format could not carry. */
const loss = z.object({
  type: objectType,
  alias: z.string(),
  field: z.string().describe('`*` when the whole object is left out'),
  reason: z.string(),
  message: z.string(),
  value: z.string().optional(),
});

export const submissionRoutes = {
  createSubmission: route({
    method: 'POST',
    path: '/submissions',
    summary: { en: 'Open a draft', zh: '新建提交草稿' },
    caller: 'submit',
    body: z.object({
      title: details.title,
      manner: details.manner.default('public'),
      useTerms: details.useTerms.default(''),
      releaseOn: details.releaseOn.default(null).describe('Without it: released on acceptance'),
    }),
    reply: submission,
    status: 201,
    idempotent: true,
    problems: ['release_in_past', 'release_too_late'],
  }),
  listSubmissions: route({
    method: 'GET',
    path: '/submissions',
    summary: { en: 'Submissions that you may read, newest first', zh: '您可查看的提交，最新的在前' },
    caller: 'read',
    query: pageQuery.extend({
      status: submissionStatus.optional(),
      mine: z.enum(['true', 'false']).optional().describe('true: only your own'),
    }),
    reply: pageOf(brief),
  }),
  getSubmission: route({
    method: 'GET',
    path: '/submissions/:submission',
    summary: { en: 'A submission with its sheets, files and counts', zh: '读取提交及其表格、文件与统计' },
    caller: 'read',
    params: submissionParams,
    reply: submission,
    etag: true,
  }),
  changeSubmission: route({
    method: 'PATCH',
    path: '/submissions/:submission',
    summary: {
      en: 'Change title, manner, terms or release date of a draft',
      zh: '修改草稿的标题、访问方式、使用条款或公开日期',
    },
    caller: 'submit',
    params: submissionParams,
    body: z.object(details).partial(),
    reply: submission,
    etag: true,
    problems: ['release_in_past', 'release_too_late', 'submission_not_editable'],
  }),
  deleteSubmission: route({
    method: 'DELETE',
    path: '/submissions/:submission',
    summary: { en: 'Delete a draft that was never submitted', zh: '删除从未提交的草稿' },
    caller: 'submit',
    params: submissionParams,
    problems: ['submission_not_editable', 'submission_was_submitted', 'submission_busy'],
  }),
  withdrawSubmission: route({
    method: 'POST',
    path: '/submissions/:submission/withdrawal',
    summary: { en: 'Give a submission up before it is accepted', zh: '在接收前撤回提交' },
    caller: 'submit',
    params: submissionParams,
    reply: submission,
    problems: ['transition_refused'],
  }),
  putSheet: route({
    method: 'PUT',
    path: '/submissions/:submission/sheets/:sheet',
    summary: {
      en: 'Send a sheet (TSV, CSV, XLSX, JSON, SRA/ENA XML). A sheet of the same name is replaced; the same bytes change nothing',
      zh: '发送表格（TSV、CSV、XLSX、JSON、SRA/ENA XML）。同名表格将被替换；内容相同则不作任何更改',
    },
    caller: 'submit',
    params: sheetParams,
    bytes: { in: ['*/*'] },
    reply: submissionSheet.extend({
      findings: z.array(findingView).describe('The first 200, errors first; the rest by listFindings'),
    }),
    problems: ['submission_not_editable', 'submission_busy', 'sheet_too_large', 'too_many_sheets'],
  }),
  getSheet: route({
    method: 'GET',
    path: '/submissions/:submission/sheets/:sheet',
    summary: { en: 'State of a sheet', zh: '表格的处理状态' },
    caller: 'read',
    params: sheetParams,
    reply: submissionSheet,
  }),
  getSheetContent: route({
    method: 'GET',
    path: '/submissions/:submission/sheets/:sheet/content',
    summary: { en: 'A sheet as it was sent', zh: '下载所发送的表格原件' },
    caller: 'read',
    params: sheetParams,
    bytes: { out: ['application/octet-stream'] },
  }),
  deleteSheet: route({
    method: 'DELETE',
    path: '/submissions/:submission/sheets/:sheet',
    summary: { en: 'Take a sheet and what came from it out of a draft', zh: '从草稿中移除表格及其内容' },
    caller: 'submit',
    params: sheetParams,
    problems: ['submission_not_editable', 'submission_busy'],
  }),
  listFindings: route({
    method: 'GET',
    path: '/submissions/:submission/findings',
    summary: { en: 'What was found, by source and place', zh: '检查结果，按来源与位置排列' },
    caller: 'read',
    params: submissionParams,
    query: pageQuery.extend({
      level: z.enum(['error', 'warning', 'hint']).optional(),
      code: z.string().max(20).optional(),
      source: z.string().max(220).optional().describe('`check` or `sheet:<name>`'),
    }),
    reply: pageOf(findingView.extend({ source: z.string() })),
  }),
  downloadReport: route({
    method: 'GET',
    path: '/submissions/:submission/report',
    summary: { en: 'All findings as a file', zh: '下载全部检查结果' },
    caller: 'read',
    params: submissionParams,
    query: z.object({ format: z.enum(['tsv', 'json']).default('tsv') }),
    bytes: { out: ['text/tab-separated-values', 'application/json'] },
  }),
  listEntries: route({
    method: 'GET',
    path: '/submissions/:submission/objects',
    summary: { en: 'Objects of a submission', zh: '提交中的对象' },
    caller: 'read',
    params: submissionParams,
    query: pageQuery.extend({ type: objectType.optional() }),
    reply: pageOf(submissionEntry),
  }),
  addEntry: route({
    method: 'POST',
    path: '/submissions/:submission/objects',
    summary: { en: 'Add one object to a draft', zh: '向草稿添加一个对象' },
    caller: 'submit',
    params: submissionParams,
    body: objectRecord,
    reply: submissionEntry.extend({ findings: z.array(findingView) }),
    status: 201,
    idempotent: true,
    problems: ['submission_not_editable', 'submission_busy', 'alias_taken'],
  }),
  getEntry: route({
    method: 'GET',
    path: '/submissions/:submission/objects/:object',
    summary: { en: 'One object of a submission', zh: '读取提交中的一个对象' },
    caller: 'read',
    params: entryParams,
    reply: submissionEntry,
    etag: true,
  }),
  changeEntry: route({
    method: 'PUT',
    path: '/submissions/:submission/objects/:object',
    summary: { en: 'Change one object of a draft', zh: '修改草稿中的一个对象' },
    caller: 'submit',
    params: entryParams,
    body: objectRecord,
    reply: submissionEntry.extend({ findings: z.array(findingView) }),
    etag: true,
    problems: ['submission_not_editable', 'submission_busy', 'alias_fixed'],
  }),
  deleteEntry: route({
    method: 'DELETE',
    path: '/submissions/:submission/objects/:object',
    summary: { en: 'Take one object out of a draft', zh: '从草稿中移除一个对象' },
    caller: 'submit',
    params: entryParams,
    problems: ['submission_not_editable', 'submission_busy'],
  }),
  listSubmissionFiles: route({
    method: 'GET',
    path: '/submissions/:submission/files',
    summary: { en: 'Files that a submission names, with their live state', zh: '提交所列文件及其实时状态' },
    caller: 'read',
    params: submissionParams,
    query: pageQuery.extend({ state: fileState.optional() }),
    reply: pageOf(submissionFile),
  }),
  submitSubmission: route({
    method: 'POST',
    path: '/submissions/:submission/submission',
    summary: {
      en: 'Send a draft in: it is checked as a whole, then it waits for a curator',
      zh: '提交草稿：系统整体检查后进入审核队列',
    },
    caller: 'submit',
    params: submissionParams,
    reply: submission,
    status: 202,
    problems: ['transition_refused', 'submission_busy', 'submission_empty'],
  }),
  exportSubmission: route({
    method: 'GET',
    path: '/submissions/:submission/export',
    summary: {
      en: 'A submission as TSV, XLSX, JSON or SRA/ENA XML',
      zh: '将提交导出为 TSV、XLSX、JSON 或 SRA/ENA XML',
    },
    caller: 'read',
    params: submissionParams,
    query: z.object({
      format: formats.default('tsv'),
      type: objectType.optional().describe('Needed for TSV and XML: one table or set holds one type'),
    }),
    bytes: {
      out: [
        'text/tab-separated-values',
        'application/json',
        'application/xml',
        'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      ],
    },
    problems: ['export_type_needed', 'export_too_large'],
  }),
  listLosses: route({
    method: 'GET',
    path: '/submissions/:submission/export/losses',
    summary: { en: 'What SRA/ENA XML cannot carry of a submission', zh: '导出为 SRA/ENA XML 时无法保留的内容' },
    caller: 'read',
    params: submissionParams,
    query: z.object({ limit: z.coerce.number().int().min(1).max(10_000).default(1000) }),
    reply: z.object({ items: z.array(loss), total: z.int() }),
    problems: ['export_too_large'],
  }),
  exportObject: route({
    method: 'GET',
    path: '/objects/:object/export',
    summary: { en: 'One object as TSV, JSON or SRA/ENA XML', zh: '将单个对象导出为 TSV、JSON 或 SRA/ENA XML' },
    caller: 'anyone',
    params: z.object({ object: z.string().min(1).max(100) }),
    query: z.object({ format: formats.default('json') }),
    bytes: { out: ['text/tab-separated-values', 'application/json', 'application/xml'] },
  }),
};

export const submissionProblems = defineProblems({
  release_in_past: {
    status: 422,
    title: { en: 'The release date {date} is in the past', zh: '公开日期 {date} 已过' },
    hint: {
      en: 'Choose a day from {today} to {last}, or none to release on acceptance.',
      zh: '请选择 {today} 至 {last} 之间的日期；留空则在接收时公开。',
    },
  },
  release_too_late: {
    status: 422,
    title: { en: 'The release date {date} is too far ahead', zh: '公开日期 {date} 超出允许范围' },
    hint: { en: 'Choose a day from {today} to {last}.', zh: '请选择 {today} 至 {last} 之间的日期。' },
  },
  submission_not_editable: {
    status: 409,
    title: { en: 'A submission in state "{state}" cannot be changed', zh: '处于“{state}”状态的提交不可修改' },
    hint: {
      en: 'Wait until it is returned, or withdraw it and open a new draft.',
      zh: '请等待退回后再修改，或撤回并新建草稿。',
    },
  },
  submission_was_submitted: {
    status: 409,
    title: { en: 'A submission that was once sent in is not deleted', zh: '曾经提交过的内容不能删除' },
    hint: { en: 'Withdraw it instead.', zh: '请改为撤回。' },
  },
  submission_busy: {
    status: 409,
    title: { en: 'The sheet "{sheet}" is still being read', zh: '表格“{sheet}”正在读取中' },
    hint: { en: 'Wait until it has been read, then try again.', zh: '请等待读取完成后重试。' },
  },
  submission_empty: {
    status: 409,
    title: { en: 'The submission holds nothing to check', zh: '提交中没有可供检查的内容' },
    hint: { en: 'Send at least one sheet or object first.', zh: '请先发送至少一个表格或对象。' },
  },
  transition_refused: {
    status: 409,
    title: { en: '"{act}" is not possible in state "{state}"', zh: '在“{state}”状态下不能执行“{act}”' },
    hint: { en: 'Read it again: its state may have changed.', zh: '请重新读取，其状态可能已变更。' },
  },
  sheet_too_large: {
    status: 413,
    title: { en: 'The sheet is larger than {limit} bytes', zh: '表格超过 {limit} 字节' },
    hint: { en: 'Split it into several sheets.', zh: '请拆分为多个表格。' },
  },
  too_many_sheets: {
    status: 409,
    title: { en: 'A submission takes at most {limit} sheets', zh: '一次提交最多包含 {limit} 个表格' },
    hint: { en: 'Join sheets, or open another submission.', zh: '请合并表格，或新建提交。' },
  },
  alias_taken: {
    status: 409,
    title: { en: 'You have another {type} named "{alias}"', zh: '您已有名为“{alias}”的 {type}' },
    hint: { en: 'Choose another alias, or change that object.', zh: '请更换别名，或修改原有对象。' },
  },
  alias_fixed: {
    status: 422,
    title: { en: 'Type and alias of an object do not change', zh: '对象的类型和别名不可更改' },
    hint: { en: 'Take it out and add another one.', zh: '请移除该对象并重新添加。' },
  },
  export_type_needed: {
    status: 422,
    title: { en: 'This format holds one type of object at a time', zh: '该格式每次只能导出一种对象' },
    hint: { en: 'Add "type", for example type=sample.', zh: '请添加 “type” 参数，例如 type=sample。' },
  },
  export_too_large: {
    status: 422,
    title: { en: 'More than {limit} objects do not fit into this format', zh: '该格式最多容纳 {limit} 个对象' },
    hint: { en: 'Export TSV, which has no such limit.', zh: '请导出无此限制的 TSV。' },
  },
});

const counted = z.object({ errors: z.int(), warnings: z.int(), hints: z.int() });
const moved = z.object({ from: submissionStatus, to: submissionStatus });

export const submissionEvents = defineEvents({
  'submission.created': z.object({ manner: accessManner, releaseOn: z.iso.date().nullable() }),
  'submission.changed': z.object({ version: z.int(), fields: z.array(z.string()) }),
  'submission.deleted': z.object({ objects: z.int() }),
  'submission.sheet_received': z.object({ sheet: z.string(), sha256: z.string(), size: z.string() }),
  'submission.sheet_read': counted.extend({
    sheet: z.string(),
    sha256: z.string(),
    state: z.enum(['read', 'failed']),
    new: z.int(),
    revised: z.int(),
    unchanged: z.int(),
    removed: z.int(),
  }),
  'submission.sheet_removed': z.object({ sheet: z.string(), objects: z.int() }),
  'submission.object_changed': z.object({
    object: uuid,
    version: z.int(),
    change: z.enum(['added', 'changed', 'removed']),
  }),
  'submission.submitted': moved.extend({ version: z.int() }),
  'submission.checked': moved.merge(counted).extend({ objects: z.int(), files: z.int() }),
  'submission.withdrawn': moved,
  'submission.exported': z.object({ format: formats, objects: z.int() }),
  'submission.file_matched': z.object({ file: uuid, objects: z.int() }),
  'submission.transition_refused': z.object({ act: z.string(), state: z.string() }),
});
