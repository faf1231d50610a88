import { z } from 'zod';
import { route } from './contract.ts';
import { defineEvents } from './event.ts';
import { label } from './label.ts';
import { pageOf, pageQuery, uuid } from './page.ts';
import { defineProblems } from './problem.ts';
import { accessManner, declaredFile, objectStatus, objectType, relation } from './submission.ts';

/** An object by its id or its accession. */
const objectParams = z.object({ object: z.string().min(1).max(100) });
const reason = z.string().trim().min(1).max(2000);
const version = z.int().min(1);
const versionParam = z.coerce.number().int().min(1);
const values = z.union([z.string(), z.array(z.string())]);

/** Enough of an object to name it and to link to it. */
export const objectLink = z.object({
  id: uuid,
  type: objectType,
  accession: z.string().optional(),
  alias: z.string(),
  status: objectStatus,
});
export type ObjectLink = z.infer<typeof objectLink>;

/** What stands in the place of an object that was withdrawn or destroyed. */
export const tombstone = z.object({
  at: z.iso.datetime(),
  by: uuid.optional(),
  reason: z.string(),
  replacedBy: z.array(z.string()).describe('Accessions that take its place'),
});

export const objectFile = declaredFile.extend({ id: uuid.optional().describe('Absent until its bytes have arrived') });

/** What one version says. */
export const objectContent = z.object({
  title: z.string().optional(),
  checklist: z.string().optional(),
  attributes: z.record(z.string(), values),
  units: z.record(z.string(), z.string()),
  references: z.array(z.object({ relation, type: objectType, target: z.string() })),
  files: z.array(objectFile),
});
export type ObjectContent = z.infer<typeof objectContent>;

/** An object of the archive as its reader may see it. A tombstone carries no content. */
export const archiveObject = objectLink.extend({
  version: version.describe('The version shown'),
  currentVersion: version,
  organisation: uuid,
  submitter: uuid,
  manner: accessManner,
  label,
  useTerms: z.string(),
  releaseOn: z.iso.date().optional(),
  releasedAt: z.iso.datetime().optional(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  content: objectContent.optional(),
  tombstone: tombstone.optional(),
  suppressed: z.object({ at: z.iso.datetime(), reason: z.string() }).optional(),
  replaces: z.array(z.string()),
  citedBy: z.array(z.string()).describe('DOIs'),
});
export type ArchiveObject = z.infer<typeof archiveObject>;

/** A version in the history of an object's metadata. */
export const objectVersion = z.object({
  version,
  submission: uuid,
  at: z.iso.datetime(),
  by: uuid,
  reason: z.string().optional(),
  standing: z.enum(['proposed', 'current', 'past']),
});
export type ObjectVersion = z.infer<typeof objectVersion>;

/** One field that differs between two versions. Paths are `title`, `attributes.host`, `units.depth`, `files.reads_1.fq.gz` … */
export const fieldChange = z.object({
  path: z.string(),
  change: z.enum(['added', 'removed', 'changed']),
  before: values.optional(),
  after: values.optional(),
});
export type FieldChange = z.infer<typeof fieldChange>;

/** A change of state, of release date or of manner in an object's life. */
export const objectMoment = z.object({
  at: z.iso.datetime(),
  by: uuid.optional().describe('Absent when the platform did it'),
  act: z.string(),
  from: objectStatus.optional(),
  to: objectStatus,
  reason: z.string().optional(),
});
export type ObjectMoment = z.infer<typeof objectMoment>;

/** The lineage of an object: what it stands on, what stands on it, and what those stand on. */
export const objectGraph = z.object({
  root: uuid,
  nodes: z.array(objectLink.extend({ title: z.string().optional(), distance: z.int() })),
  edges: z.array(z.object({ from: uuid, to: uuid, relation, at: z.iso.datetime() })),
  truncated: z.boolean().describe('More objects exist than were asked for'),
});
export type ObjectGraph = z.infer<typeof objectGraph>;

/** Objects that an act changed. */
export const changedObjects = z.object({ count: z.int(), objects: z.array(objectLink).describe('At most 1,000') });
export type ChangedObjects = z.infer<typeof changedObjects>;

const below = z
  .boolean()
  .default(false)
  .describe('Also everything that stands on the object: a whole study by its project');
const change = { params: objectParams, etag: true } as const;

export const objectRoutes = {
  getObject: route({
    method: 'GET',
    path: '/objects/:object',
    summary: { en: 'An object by accession or id', zh: '按编号或标识读取对象' },
    caller: 'anyone',
    query: z.object({ version: versionParam.optional() }),
    reply: archiveObject,
    ...change,
  }),
  listVersions: route({
    method: 'GET',
    path: '/objects/:object/versions',
    summary: { en: 'The versions of an object, newest first', zh: '对象的各个版本，最新的在前' },
    caller: 'anyone',
    params: objectParams,
    query: pageQuery,
    reply: pageOf(objectVersion),
  }),
  diffVersions: route({
    method: 'GET',
    path: '/objects/:object/diff',
    summary: { en: 'What differs between two versions, field by field', zh: '逐字段比较两个版本' },
    caller: 'anyone',
    params: objectParams,
    query: z.object({ from: versionParam, to: versionParam }),
    reply: z.object({ from: version, to: version, changes: z.array(fieldChange) }),
  }),
  objectHistory: route({
    method: 'GET',
    path: '/objects/:object/history',
    summary: { en: 'The states that an object went through', zh: '对象的状态变更历史' },
    caller: 'anyone',
    params: objectParams,
    query: pageQuery,
    reply: pageOf(objectMoment),
  }),
  objectGraph: route({
    method: 'GET',
    path: '/objects/:object/graph',
    summary: { en: 'The lineage around an object', zh: '对象的来源与衍生关系图' },
    caller: 'anyone',
    params: objectParams,
    query: z.object({
      depth: z.coerce.number().int().min(1).max(10).default(4),
      limit: z.coerce.number().int().min(1).max(1000).default(200),
    }),
    reply: objectGraph,
  }),
  objectLineage: route({
    method: 'GET',
    path: '/objects/:object/lineage',
    summary: {
      en: 'The lineage around an object as W3C PROV or as a Research Object Crate, each edge with its receipt',
      zh: '以 W3C PROV 或 RO-Crate 格式导出对象谱系，每条关系附回执',
    },
    caller: 'anyone',
    params: objectParams,
    query: z.object({
      format: z.enum(['prov', 'ro-crate']),
      depth: z.coerce.number().int().min(1).max(10).default(4),
      limit: z.coerce.number().int().min(1).max(1000).default(200),
    }),
    bytes: { out: ['application/json', 'application/ld+json'] },
  }),
  objectsBelow: route({
    method: 'GET',
    path: '/objects/:object/below',
    summary: {
      en: 'All that stands on an object, directly or through others, a page at a time',
      zh: '分页列出直接或间接依赖该对象的全部对象',
    },
    caller: 'anyone',
    params: objectParams,
    query: pageQuery.extend({
      type: objectType.optional(),
      files: z.enum(['true', 'false']).optional().describe('Only objects that have files'),
    }),
    reply: pageOf(
      objectLink.extend({
        title: z.string().optional(),
        distance: z.int().min(1).max(16).describe('Steps; what is farther is not listed'),
      }),
    ),
  }),
  releaseObject: route({
    method: 'POST',
    path: '/objects/:object/release',
    summary: {
      en: 'Release a held object now, with everything that it stands on',
      zh: '立即公开对象及其所依赖的全部对象',
    },
    caller: 'submit',
    body: z.object({ below }).prefault({}),
    reply: changedObjects,
    idempotent: true,
    ...change,
    problems: ['release_blocked', 'release_of_private', 'transition_refused'],
  }),
  holdObject: route({
    method: 'PUT',
    path: '/objects/:object/release-date',
    summary: { en: 'Move the release date of a held object', zh: '调整未公开对象的公开日期' },
    caller: 'submit',
    body: z.object({ releaseOn: z.iso.date(), below }),
    reply: changedObjects,
    ...change,
    problems: ['release_in_past', 'release_too_late', 'transition_refused'],
  }),
  changeManner: route({
    method: 'PUT',
    path: '/objects/:object/manner',
    summary: { en: 'Change how an object may be read', zh: '更改对象的访问方式' },
    caller: 'submit',
    body: z.object({ manner: accessManner, reason }),
    reply: changedObjects,
    ...change,
    problems: ['manner_narrowed', 'manner_needs_review', 'transition_refused'],
  }),
  citeObject: route({
    method: 'POST',
    path: '/objects/:object/citations',
    summary: {
      en: 'Tell that a publication cites an object: what is cited is released at once',
      zh: '登记引用该对象的出版物；被引用的数据立即公开',
    },
    caller: 'read',
    params: objectParams,
    body: z.object({
      doi: z
        .string()
        .trim()
        .max(300)
        .regex(/^10\.\d{4,9}\/\S+$/, 'a DOI such as 10.1000/xyz123'),
    }),
    reply: changedObjects,
    idempotent: true,
    problems: ['release_blocked', 'release_of_private', 'transition_refused'],
  }),
  suppressObject: route({
    method: 'POST',
    path: '/objects/:object/suppression',
    summary: {
      en: 'Take a released object out of search; it stays readable by accession',
      zh: '将已公开对象移出检索，凭编号仍可访问',
    },
    caller: 'read',
    body: z.object({ reason, below }),
    reply: changedObjects,
    ...change,
    problems: ['transition_refused'],
  }),
  restoreObject: route({
    method: 'DELETE',
    path: '/objects/:object/suppression',
    summary: { en: 'Put a suppressed object back into search', zh: '恢复对象的检索' },
    caller: 'read',
    reply: changedObjects,
    ...change,
    problems: ['transition_refused'],
  }),
  withdrawObject: route({
    method: 'POST',
    path: '/objects/:object/withdrawal',
    summary: {
      en: 'Withdraw an object for good: a tombstone keeps its accession, who, when, why and what replaces it',
      zh: '永久撤回对象：保留编号、撤回人、时间、原因及替代对象',
    },
    caller: 'read',
    body: z.object({ reason, replacedBy: z.array(z.string().min(1).max(100)).max(100).default([]), below }),
    reply: changedObjects,
    ...change,
    problems: ['objects_depend', 'replacement_unknown', 'transition_refused'],
  }),
  reviseObject: route({
    method: 'POST',
    path: '/objects/:object/revisions',
    summary: {
      en: 'Propose a new version of an accepted object; it goes through review as a submission',
      zh: '提出已接收对象的新版本，并作为一次提交进入审核',
    },
    caller: 'submit',
    body: z.object({
      reason,
      submission: uuid.optional().describe('An own draft to add the revision to; without it a new one is opened'),
      title: z.string().trim().min(1).max(1000).optional(),
      attributes: z
        .record(z.string().min(1).max(200), values.nullable())
        .optional()
        .describe('Fields to set; null removes one'),
      units: z.record(z.string().min(1).max(200), z.string().nullable()).optional(),
      files: z.array(declaredFile).max(1000).optional().describe('All files of the new version'),
    }),
    reply: z.object({ submission: uuid, object: uuid, version, changes: z.array(fieldChange) }),
    status: 201,
    idempotent: true,
    ...change,
    problems: [
      'revision_open',
      'revision_changes_nothing',
      'submission_not_editable',
      'submission_busy',
      'transition_refused',
    ],
  }),
};

export const objectProblems = defineProblems({
  release_blocked: {
    status: 409,
    title: {
      en: '{count} objects that this one stands on cannot be released with it, the first is {first}',
      zh: '该对象依赖的 {count} 个对象无法一同公开，首个为 {first}',
    },
    hint: {
      en: 'Have each object named in "issues" accepted or made readable first, or ask its owner to release it.',
      zh: '请先使 “issues” 中列出的对象通过审核或调整其访问方式，或联系其所有者公开。',
    },
  },
  release_of_private: {
    status: 409,
    title: { en: 'A private object is never released', zh: '私有对象不可公开' },
    hint: { en: 'Change its manner to controlled or public first.', zh: '请先将访问方式改为受控或公开。' },
  },
  manner_narrowed: {
    status: 409,
    title: { en: 'A released object cannot go from {from} to {to}', zh: '已公开对象的访问方式不能由 {from} 改为 {to}' },
    hint: {
      en: 'Others may have read it already. Ask for suppression or withdrawal instead.',
      zh: '数据可能已被他人获取，请改为申请移出检索或撤回。',
    },
  },
  manner_needs_review: {
    status: 409,
    title: {
      en: 'To go from {from} to {to}, {reviewers} reviewers must agree',
      zh: '访问方式由 {from} 改为 {to} 须经 {reviewers} 名审核员同意',
    },
    hint: {
      en: 'It is of sensitivity grade 3 or more, or holds human genetic resources. Submit it for review with the wider manner.',
      zh: '该对象的敏感等级为三级及以上，或含有人类遗传资源信息。请以更开放的访问方式重新提交审核。',
    },
  },
  objects_depend: {
    status: 409,
    title: {
      en: '{count} objects stand on this one, the first is {first}',
      zh: '有 {count} 个对象依赖该对象，首个为 {first}',
    },
    hint: {
      en: 'Withdraw those named in "issues" as well: send "below": true.',
      zh: '请一并撤回 “issues” 中列出的对象：发送 "below": true。',
    },
  },
  replacement_unknown: {
    status: 422,
    title: { en: 'No object {target} can take the place of this one', zh: '没有可替代该对象的 {target}' },
    hint: {
      en: 'Name accessions of accepted objects of the same type, other than the object itself.',
      zh: '请填写同一类型、已接收的其他对象的编号。',
    },
  },
  revision_open: {
    status: 409,
    title: { en: 'A revision of this object is under way already', zh: '该对象已有尚未完成的修订' },
    hint: { en: 'Finish or delete the submission {submission} first.', zh: '请先完成或删除提交 {submission}。' },
  },
  revision_changes_nothing: {
    status: 422,
    title: { en: 'The revision changes nothing', zh: '修订内容与当前版本相同' },
    hint: { en: 'Change at least one field or file.', zh: '请至少修改一个字段或文件。' },
  },
});

const because = { reason: z.string() };
const mannerNow = { manner: accessManner };

export const objectEvents = defineEvents({
  'object.accessioned': z.object({
    submission: uuid,
    type: objectType,
    version,
    manner: accessManner,
    status: objectStatus,
  }),
  'object.revised': z.object({ submission: uuid, version, previous: version, changed: z.array(z.string()) }),
  'object.revision_opened': z.object({ submission: uuid, version, ...because }),
  'object.released': z.object({ by: z.enum(['date', 'owner', 'citation', 'acceptance']), version, ...mannerNow }),
  'object.release_refused': z.object({ code: z.string(), blocking: z.array(z.string()) }),
  'object.hold_moved': z.object({ from: z.string().optional(), to: z.string() }),
  'object.manner_changed': z.object({ from: accessManner, to: accessManner, ...because }),
  'object.manner_refused': z.object({ from: accessManner, to: accessManner, reviewers: z.int() }),
  'object.cited': z.object({ doi: z.string() }),
  'object.suppressed': z.object(because),
  'object.restored': z.object({}),
  'object.withdrawn': z.object({ ...because, replacedBy: z.array(z.string()) }),
  'object.linked': z.object({ relation, to: uuid }),
});
