import type { Text } from '@geneward/metadata';
import { z } from 'zod';

/** What a coded problem says to a person, and its HTTP status. `{name}` holes are filled from the problem's `params`. */
export interface ProblemText {
  readonly status: number;
  readonly title: Text;
  /** How to mend it. */
  readonly hint: Text;
}
export type ProblemTable = Readonly<Record<string, ProblemText>>;

/** Keeps the union of codes of a module's table. */
export function defineProblems<const T extends ProblemTable>(table: T): T {
  return table;
}

/** RFC 9457 body with the platform's stable `code`. */
export const problemBody = z.object({
  type: z.string().describe('URI of the documentation of this code'),
  title: z.string(),
  status: z.int(),
  code: z.string().describe('Stable, language-independent'),
  detail: z.string().optional(),
  hint: z.string().optional().describe('How to mend it'),
  instance: z.string().optional().describe('Request id'),
  place: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .optional()
    .describe('Field, file, line, row, column'),
  issues: z
    .array(z.object({ path: z.string(), message: z.string() }))
    .optional()
    .describe('One entry for each wrong field of the request'),
  retryAfter: z.int().optional().describe('Seconds'),
});
export type ProblemBody = z.infer<typeof problemBody>;

/** Problems that any route can answer with. */
export const commonProblems = defineProblems({
  invalid_request: {
    status: 422,
    title: { en: 'The request does not fit the contract', zh: '请求不符合接口约定' },
    hint: { en: 'Correct the fields named in "issues".', zh: '请更正 “issues” 中列出的字段。' },
  },
  malformed_body: {
    status: 400,
    title: { en: 'The body is not valid JSON', zh: '请求正文不是有效的 JSON' },
    hint: { en: 'Send UTF-8 JSON.', zh: '请发送 UTF-8 编码的 JSON。' },
  },
  malformed_request: {
    status: 400,
    title: { en: 'This is not a well-formed HTTP request', zh: '请求不符合 HTTP 规范' },
    hint: {
      en: 'Check the percent-encoding of the path, the request line and the length of the headers.',
      zh: '请检查路径的百分号编码、请求行及请求头长度。',
    },
  },
  unsupported_media_type: {
    status: 415,
    title: { en: 'This content type is not taken here', zh: '此处不接受该内容类型' },
    hint: { en: 'Send one of: {accepted}.', zh: '请使用以下类型之一：{accepted}。' },
  },
  body_too_large: {
    status: 413,
    title: { en: 'The body is larger than {limit} bytes', zh: '请求正文超过 {limit} 字节' },
    hint: { en: 'Send less at once.', zh: '请减小单次发送的数据量。' },
  },
  not_found: {
    status: 404,
    title: { en: 'Not found', zh: '未找到' },
    hint: {
      en: 'Check the identifier. It may also be one that you have no access to.',
      zh: '请检查标识符；也可能是您无权访问的对象。',
    },
  },
  method_not_allowed: {
    status: 405,
    title: { en: 'This address does not take {method}', zh: '该地址不支持 {method}' },
    hint: { en: 'See the API reference at /reference.', zh: '请查阅 /reference 的接口说明。' },
  },
  unauthenticated: {
    status: 401,
    title: { en: 'Sign in first', zh: '请先登录' },
    hint: { en: 'Send a session cookie or an API token that is still valid.', zh: '请提供有效的会话或 API 令牌。' },
  },
  forbidden: {
    status: 403,
    title: { en: 'You may not do this', zh: '您无权执行此操作' },
    hint: {
      en: 'Ask an administrator for the role or scope "{needed}".',
      zh: '请向管理员申请角色或权限范围 “{needed}”。',
    },
  },
  csrf: {
    status: 403,
    title: { en: 'The request came from another site', zh: '请求来自其他站点' },
    hint: { en: 'Send it from the pages of this installation.', zh: '请从本系统的页面发起请求。' },
  },
  stale_etag: {
    status: 412,
    title: { en: 'Somebody changed this in the meantime', zh: '内容已被他人修改' },
    hint: { en: 'Read it again and repeat the change.', zh: '请重新读取后再修改。' },
  },
  if_match_required: {
    status: 428,
    title: { en: 'A change needs the If-Match header', zh: '修改操作需要 If-Match 请求头' },
    hint: { en: 'Send the ETag that you read.', zh: '请发送读取时得到的 ETag。' },
  },
  idempotency_key_reused: {
    status: 422,
    title: { en: 'This idempotency key was used for another request', zh: '该幂等键已用于其他请求' },
    hint: { en: 'Use a new key for a new request.', zh: '新的请求请使用新的幂等键。' },
  },
  request_in_progress: {
    status: 409,
    title: { en: 'The same request is still running', zh: '相同的请求仍在处理中' },
    hint: { en: 'Wait and ask again.', zh: '请稍后重试。' },
  },
  conflict: {
    status: 409,
    title: { en: 'This does not fit the present state: {state}', zh: '与当前状态不符：{state}' },
    hint: { en: 'Read the object again.', zh: '请重新读取该对象。' },
  },
  rate_limited: {
    status: 429,
    title: { en: 'Too many requests', zh: '请求过于频繁' },
    hint: { en: 'Wait {seconds} s.', zh: '请等待 {seconds} 秒。' },
  },
  request_timeout: {
    status: 408,
    title: { en: 'The request did not arrive in time', zh: '请求未在规定时间内到达' },
    hint: { en: 'Send it again.', zh: '请重新发送。' },
  },
  stopping: {
    status: 503,
    title: { en: 'The server is stopping', zh: '服务器正在停止' },
    hint: { en: 'Try again in a moment.', zh: '请稍后重试。' },
  },
  database_unavailable: {
    status: 503,
    title: { en: 'The database does not answer at the moment', zh: '数据库暂时无响应' },
    hint: { en: 'Nothing was changed. Try again in a moment.', zh: '未作任何更改，请稍后重试。' },
  },
  keys_unavailable: {
    status: 503,
    title: { en: 'The holder of the storage keys does not answer at the moment', zh: '存储密钥服务暂时无响应' },
    hint: {
      en: 'Nothing was lost. Try again in a moment; the log of the server says what the key service answered.',
      zh: '数据未丢失，请稍后重试；服务器日志记录了密钥服务的应答。',
    },
  },
  storage_unavailable: {
    status: 503,
    title: { en: 'The store of the bytes does not answer at the moment', zh: '数据存储暂时无响应' },
    hint: {
      en: 'What was acknowledged is safe. Try again in a moment: an upload goes on where it was. `/ready` names the store.',
      zh: '已确认的数据不受影响。请稍后重试，上传会从断点继续；`/ready` 会指出是哪个存储。',
    },
  },
  storage_damaged: {
    status: 503,
    title: { en: 'The stored bytes could not be read in any of their places', zh: '存储的数据在所有副本中均无法读取' },
    hint: {
      en: 'Nothing wrong was sent. The administrators are told; try again later.',
      zh: '未发送任何错误数据。管理员已收到通知，请稍后重试。',
    },
  },
  storage_full: {
    status: 507,
    title: { en: 'The storage is full', zh: '存储空间已满' },
    hint: {
      en: 'Nothing was kept of this request. Tell the administrator.',
      zh: '本次请求未保留任何数据，请联系管理员。',
    },
  },
  internal: {
    status: 500,
    title: { en: 'Something went wrong on our side', zh: '系统内部错误' },
    hint: { en: 'Tell the administrator the request id {request}.', zh: '请将请求编号 {request} 告知管理员。' },
  },
});
