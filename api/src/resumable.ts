import { z } from 'zod';
import { route, type RouteTable } from './contract.ts';
import { uuid } from './page.ts';
import { defineProblems } from './problem.ts';

/** An upload that may be broken off and gone on with: tus 1.0 (https://tus.io/protocols/resumable-upload). */
export const uploadView = z.object({
  id: uuid,
  name: z.string().optional().describe('Absent for a part of an upload that is put together later'),
  state: z
    .enum(['open', 'complete', 'refused', 'used'])
    .describe('`complete`: the file is in the inbox; `refused`: see problem; `used`: joined into another upload'),
  offset: z.int().describe('Bytes that are safely stored; go on from here'),
  length: z.int().optional().describe('Absent until the sender tells it'),
  expiresAt: z.iso.datetime(),
  file: uuid.optional().describe('The file that it became'),
  problem: z.string().optional().describe('Code of the refusal'),
});
export type UploadView = z.infer<typeof uploadView>;

/** A file that its sender brings straight to the store, in numbered parts with addresses that are signed for an hour. */
export const directView = z.object({
  upload: uploadView,
  partSize: z.int().describe('Bytes of every part but the last'),
  parts: z.int().describe('How many parts there are'),
  items: z.array(
    z.object({
      number: z.int(),
      start: z.int().describe('First byte of the encrypted file'),
      end: z.int().describe('Behind its last byte'),
      address: z.url().describe('PUT the bytes there; good for an hour'),
    }),
  ),
  arrived: z.array(z.int()).describe('Numbers of the parts that are there'),
});
export type DirectView = z.infer<typeof directView>;

const id = z.object({ id: uuid });
const sending = [
  'tus_version',
  'upload_offset_differs',
  'upload_too_long',
  'upload_checksum',
  'upload_checksum_unknown',
  'upload_taken',
  'upload_over',
  'upload_joined',
  'upload_stalled',
  'upload_broken',
  'storage_full',
  'storage_unavailable',
];
const ending = [
  'encrypted_wrong_key',
  'encrypted_damaged',
  'encrypted_refused',

  'upload_length_differs',
  'checksum_mismatch',
  'size_mismatch',
  'duplicate_content',
  'upload_in_progress',
  'too_many_uploads',
];

export const resumableRoutes = {
  describeUploads: route({
    method: 'OPTIONS',
    path: '/uploads',
    summary: { en: 'What resumable uploads can do (tus 1.0)', zh: '查询断点续传能力（tus 1.0）' },
    caller: 'anyone',
  }),
  createUpload: route({
    method: 'POST',
    path: '/uploads',
    summary: { en: 'Begin a resumable upload, or join parts (tus 1.0)', zh: '创建断点续传上传或合并分段（tus 1.0）' },
    caller: 'submit',
    reply: uploadView,
    status: 201,
    bytes: { in: ['*/*'] },
    problems: [
      'file_name_refused',
      'file_too_large',
      'file_empty',
      'upload_header',
      'upload_incomplete',
      'too_many_open_uploads',
      ...sending,
      ...ending,
    ],
  }),
  listUploads: route({
    method: 'GET',
    path: '/uploads',
    summary: { en: 'Your uploads under way', zh: '列出进行中的上传' },
    caller: 'submit',
    reply: z.object({ items: z.array(uploadView) }),
  }),
  beginDirect: route({
    method: 'POST',
    path: '/uploads/direct',
    summary: {
      en: 'Bring a file that is encrypted for the archive straight to its S3 store',
      zh: '将用本库公钥加密的文件直接上传到其 S3 存储',
    },
    caller: 'submit',
    body: z.strictObject({
      name: z.string().max(500),
      length: z.int().min(1).describe('Bytes of the encrypted file'),
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional()
        .describe('Of the plain file'),
      md5: z
        .string()
        .regex(/^[0-9a-f]{32}$/)
        .optional(),
      duplicate: z.enum(['refuse', 'accept']).default('refuse'),
    }),
    reply: directView,
    status: 201,
    problems: [
      'direct_unavailable',
      'encrypted_refused',
      'file_name_refused',
      'file_too_large',
      'too_many_open_uploads',
    ],
  }),
  getDirectParts: route({
    method: 'GET',
    path: '/uploads/:id/parts',
    summary: { en: 'Addresses for parts, and which parts are there', zh: '获取分段上传地址及已到达的分段' },
    caller: 'submit',
    params: id,
    query: z.object({
      from: z.coerce.number().int().min(1).max(10_000).default(1),
      to: z.coerce.number().int().min(1).max(10_000).default(100),
    }),
    reply: directView,
    problems: ['direct_unavailable', 'upload_over'],
  }),
  completeDirect: route({
    method: 'POST',
    path: '/uploads/:id/completion',
    summary: { en: 'All parts are there: check the file', zh: '全部分段已上传：检查文件' },
    caller: 'submit',
    params: id,
    reply: uploadView,
    problems: ['direct_unavailable', 'direct_incomplete', 'upload_over', ...ending],
  }),
  getUpload: route({
    method: 'GET',
    path: '/uploads/:id',
    summary: { en: 'How far an upload has come', zh: '查询上传进度' },
    caller: 'submit',
    params: id,
    reply: uploadView,
    problems: ['tus_version', ...ending],
  }),
  sendUpload: route({
    method: 'PATCH',
    path: '/uploads/:id',
    summary: { en: 'Go on with an upload', zh: '继续上传' },
    caller: 'submit',
    params: id,
    bytes: { in: ['application/offset+octet-stream'] },
    problems: ['upload_header', ...sending, ...ending],
  }),
  endUpload: route({
    method: 'DELETE',
    path: '/uploads/:id',
    summary: { en: 'Give up an upload', zh: '终止上传' },
    caller: 'submit',
    params: id,
    problems: ['tus_version'],
  }),
} satisfies RouteTable;

export const resumableProblems = defineProblems({
  tus_version: {
    status: 412,
    title: { en: 'Resumable uploads speak tus 1.0.0', zh: '断点续传使用 tus 1.0.0 协议' },
    hint: { en: 'Send the header Tus-Resumable: 1.0.0.', zh: '请发送请求头 Tus-Resumable: 1.0.0。' },
  },
  upload_header: {
    status: 400,
    title: { en: 'The header {header} is missing or malformed', zh: '请求头 {header} 缺失或格式有误' },
    hint: { en: 'See the tus 1.0 protocol: {expected}.', zh: '参见 tus 1.0 协议：{expected}。' },
  },
  upload_offset_differs: {
    status: 409,
    title: { en: 'The upload stands at {offset}, not at {given}', zh: '上传位置为 {offset}，而非 {given}' },
    hint: { en: 'Ask with HEAD where it stands and go on from there.', zh: '请用 HEAD 查询位置后从该处继续。' },
  },
  upload_length_differs: {
    status: 409,
    title: { en: 'The upload has {length} bytes, not {given}', zh: '该上传为 {length} 字节，而非 {given} 字节' },
    hint: {
      en: 'A length is told once, and covers what has come. Ask with HEAD where the upload stands.',
      zh: '长度只能声明一次，且不得小于已收到的数据。请用 HEAD 查询位置。',
    },
  },
  upload_too_long: {
    status: 413,
    title: { en: 'More bytes came than the {length} that were declared', zh: '收到的数据超过声明的 {length} 字节' },
    hint: {
      en: 'What fits was kept up to the offset before. Begin a new upload with the right length.',
      zh: '此前的数据已保留。请以正确长度重新创建上传。',
    },
  },
  upload_checksum: {
    status: 460,
    title: { en: 'The {algorithm} of these bytes is another one than declared', zh: '数据的 {algorithm} 与声明不符' },
    hint: {
      en: 'They were not kept. Send them again from the same offset.',
      zh: '该段数据未保留，请从同一位置重新发送。',
    },
  },
  upload_checksum_unknown: {
    status: 400,
    title: { en: 'The checksum “{algorithm}” is not known here', zh: '不支持校验算法 “{algorithm}”' },
    hint: { en: 'Use sha1, sha256, md5 or blake3.', zh: '请使用 sha1、sha256、md5 或 blake3。' },
  },
  upload_taken: {
    status: 423,
    title: { en: 'Another request has gone on with this upload', zh: '另一请求已接管此上传' },
    hint: {
      en: 'Send an upload over one connection at a time. Ask with HEAD where it stands.',
      zh: '同一上传同时只能使用一个连接，请用 HEAD 查询位置。',
    },
  },
  upload_over: {
    status: 410,
    title: { en: 'This upload has ended', zh: '该上传已结束' },
    hint: { en: 'Its state tells how; begin a new one if needed.', zh: '请查看其状态，必要时重新创建。' },
  },
  upload_direct: {
    status: 403,
    title: { en: 'The bytes of this upload go straight to the store', zh: '该上传的数据应直接发送到存储' },
    hint: { en: 'Ask for addresses at /uploads/{id}/parts.', zh: '请通过 /uploads/{id}/parts 获取地址。' },
  },
  direct_unavailable: {
    status: 409,
    title: { en: 'This installation takes no bytes straight to its store', zh: '本站点不支持直接上传到存储' },
    hint: { en: 'Send the file by PUT /files/{name} or by tus.', zh: '请使用 PUT /files/{name} 或 tus 上传。' },
  },
  direct_incomplete: {
    status: 409,
    title: { en: '{received} of {declared} bytes are in the store', zh: '存储中已有 {received} / {declared} 字节' },
    hint: { en: 'Send the parts that are missing, then complete it again.', zh: '请补传缺失的分段后再次完成。' },
  },
  upload_joined: {
    status: 403,
    title: { en: 'An upload that was joined from parts takes no bytes', zh: '由分段合并的上传不再接收数据' },
    hint: { en: 'Send the bytes to a part before it is joined.', zh: '请在合并前向分段上传数据。' },
  },
  upload_incomplete: {
    status: 422,
    title: { en: 'A part is not complete, not a part, or not yours', zh: '某个分段未完成、不是分段或不属于您' },
    hint: {
      en: 'Send each part to its end, then join them in their order.',
      zh: '请先完成每个分段，再按顺序合并。',
    },
  },
  too_many_open_uploads: {
    status: 429,
    title: { en: '{limit} uploads of yours are not finished', zh: '您有 {limit} 个未完成的上传' },
    hint: { en: 'Finish some or give them up with DELETE.', zh: '请完成部分上传，或用 DELETE 终止。' },
  },
});
