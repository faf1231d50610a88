import { z } from 'zod';
import { route, type RouteTable } from './contract.ts';
import { defineEvents } from './event.ts';
import { text, uuid } from './page.ts';
import { defineProblems } from './problem.ts';

/** A credential that is good for downloading some files and for nothing else, as long as the right to each of them lasts. */
export const downloadToken = z.object({
  id: uuid,
  files: z.int().describe('How many files it is for'),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});

/** Codes of why the data of a file may or may not be read. */
export const dataReasons = [
  'allowed',
  'unauthenticated',
  'data_scope',
  'data_office',
  'data_withdrawn',
  'data_not_released',
  'data_controlled',
  'data_private',
  'data_graded',
] as const;
export type DataReason = (typeof dataReasons)[number];

/** Refusals that tell why, to who may know of the data. */
export const dataProblems = dataReasons.filter((code) => code.startsWith('data_'));

const id = z.object({ id: uuid });

export const downloadRoutes = {
  issueDownloadToken: route({
    method: 'POST',
    path: '/files/downloads',
    summary: {
      en: 'Get a token for downloading files that outlasts the session and the transfer',
      zh: '获取文件下载令牌（有效期长于会话与传输）',
    },
    caller: 'anyone',
    body: z.object({
      files: z.array(uuid).min(1).max(10_000),
      days: z.int().min(1).max(365).optional().describe('At most as long as the installation allows'),
    }),
    reply: downloadToken.extend({ token: z.string().describe('Shown once') }),
    status: 201,
    bodyLimit: 1024 * 1024,
    problems: ['too_many_download_tokens', ...dataProblems],
  }),
  listDownloadTokens: route({
    method: 'GET',
    path: '/files/downloads',
    summary: { en: 'My download tokens', zh: '我的下载令牌' },
    caller: 'anyone',
    reply: z.object({ items: z.array(downloadToken) }),
  }),
  revokeDownloadToken: route({
    method: 'DELETE',
    path: '/files/downloads/:id',
    summary: { en: 'Revoke one of my download tokens', zh: '撤销我的某个下载令牌' },
    caller: 'anyone',
    params: id,
  }),
  explainFile: route({
    method: 'GET',
    path: '/files/:id/access',
    summary: { en: 'Why I may, or may not, read the data of a file', zh: '查询能否读取文件数据及原因' },
    caller: 'anyone',
    params: id,
    reply: z.object({
      allowed: z.boolean(),
      code: z.enum(dataReasons),
      reasons: z.array(text).describe('The rules that decided, in words'),
      policies: z.array(z.string()).describe('Their ids; empty when none permits it'),
    }),
  }),
} satisfies RouteTable;

const askOwner = {
  en: 'GET /files/{file}/access tells the rule. Ask the organisation that owns the data.',
  zh: '可通过 GET /files/{file}/access 查看适用规则，或联系数据所属机构。',
};

export const downloadProblems = defineProblems({
  download_token_ended: {
    status: 401,
    title: { en: 'This download token has ended: {reason}', zh: '该下载令牌已失效：{reason}' },
    hint: { en: 'Get another one; what was downloaded stays good.', zh: '请重新获取下载令牌，已下载的部分仍然有效。' },
  },
  download_token_other: {
    status: 403,
    title: {
      en: 'This download token is not for this file, or no longer',
      zh: '该下载令牌不适用于此文件，或已不再适用',
    },
    hint: { en: 'Get a token for the file.', zh: '请获取适用于该文件的下载令牌。' },
  },
  too_many_download_tokens: {
    status: 409,
    title: { en: 'You have {limit} download tokens already', zh: '您已有 {limit} 个下载令牌' },
    hint: { en: 'Revoke some, or wait until they end.', zh: '请撤销部分令牌，或等待其到期。' },
  },
  download_rate: {
    status: 429,
    title: { en: 'This right to download allows {limit} {unit} a minute', zh: '该下载权限每分钟限 {limit} {unit}' },
    hint: { en: 'Go on in {seconds} s.', zh: '请在 {seconds} 秒后继续。' },
  },
  download_used_up: {
    status: 403,
    title: {
      en: 'This right to download has delivered the file {copies} times already',
      zh: '该下载权限已下载此文件 {copies} 次',
    },
    hint: { en: 'Ask the administrator if you need it once more.', zh: '如需再次下载，请联系管理员。' },
  },
  data_scope: {
    status: 403,
    title: { en: 'This token is not for reading data', zh: '该令牌没有读取数据的权限' },
    hint: { en: 'Use a token with the scope “read”.', zh: '请使用含 “read” 权限的令牌。' },
  },
  data_office: {
    status: 403,
    title: {
      en: 'Administrators, auditors and regulators read no data beyond what is public',
      zh: '管理员、审计员与监管人员不得读取公开数据以外的数据',
    },
    hint: { en: 'Ask somebody who works with the data.', zh: '请由数据使用人员操作。' },
  },
  data_withdrawn: {
    status: 403,
    title: { en: 'The data were withdrawn', zh: '数据已撤回' },
    hint: { en: 'The page of the object tells why, and what replaces it.', zh: '原因及替代对象见对象页面。' },
  },
  data_not_released: {
    status: 403,
    title: { en: 'The data are not released yet', zh: '数据尚未公开' },
    hint: { en: 'The page of the object tells the day, if there is one.', zh: '如已确定公开日期，见对象页面。' },
  },
  data_controlled: {
    status: 403,
    title: { en: 'Access to these data is controlled', zh: '该数据为受控访问' },
    hint: askOwner,
  },
  data_private: { status: 403, title: { en: 'These data are private', zh: '该数据为私有' }, hint: askOwner },
  data_graded: {
    status: 403,
    title: { en: 'The grade of these data is above what you are cleared for', zh: '该数据的级别高于您的许可范围' },
    hint: { en: 'Ask a security administrator for clearance.', zh: '请向安全管理员申请许可。' },
  },
});

const bytes = z.string().regex(/^\d+$/).describe('Bytes, a decimal string');
/** By what a reader may read: the policies, and the token when there is one. */
const right = z.object({ policies: z.array(z.string()), token: uuid.optional() });
const range = { sha256: z.string(), first: bytes, last: bytes };

export const downloadEvents = defineEvents({
  'files.downloaded': z.object({ ...range, size: bytes, right, recipient: z.string().optional() }),
  'files.download_cut': z.object({ ...range, sent: bytes }),
  'files.download_stopped': z.object({ ...range, sent: bytes }),
  'files.download_token_issued': z.object({ files: z.int(), expiresAt: z.iso.datetime() }),
  'files.download_token_revoked': z.object({
    reason: z.enum(['owner', 'right_ended']),
    file: uuid.optional().describe('The only file that it is no longer for'),
  }),
});
