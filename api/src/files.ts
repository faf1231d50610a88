import { z } from 'zod';
import { route, type RouteTable } from './contract.ts';
import { dataProblems, downloadEvents, downloadProblems, downloadRoutes } from './download.ts';
import { defineEvents } from './event.ts';
import { findingView } from './finding.ts';
import { label } from './label.ts';
import { pageOf, pageQuery, uuid } from './page.ts';
import { defineProblems } from './problem.ts';
import { resumableProblems, resumableRoutes } from './resumable.ts';

/**
 * Where a file stands. `receiving` and `checking` pass by themselves; `faulty` is kept so that its report can be read;
 * `mismatch` means that a sheet declares another checksum; `missing` that a sheet names a file that never came, or that
 * kept bytes were lost; `claimed` that an object of the archive holds the file; `expired` that nothing claimed it in time.
 */
export const fileStates = [
  'receiving',
  'checking',
  'stored',
  'faulty',
  'mismatch',
  'missing',
  'claimed',
  'expired',
] as const;
export const fileState = z.enum(fileStates);
export type FileState = z.infer<typeof fileState>;

export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'SHA-256 in lower-case hexadecimal');
export const md5 = z.string().regex(/^[0-9a-f]{32}$/, 'MD5 in lower-case hexadecimal');

/** A file in an inbox or held by an object. */
export const fileView = z.object({
  id: uuid,
  name: z.string(),
  state: fileState,
  received: z.int().describe('Bytes that have arrived'),
  size: z.int().optional().describe('Bytes, once all have arrived'),
  sha256: sha256.optional(),
  md5: md5.optional(),
  kind: z.string().optional().describe('What the content says that it is: fastq, bam, vcf …'),
  label,
  owner: z.object({ organisation: uuid, person: uuid }),
  claim: z.object({ kind: z.string(), id: z.string() }).optional(),
  uploadedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().optional().describe('When an unclaimed file is removed'),
  sameAs: z.array(z.string()).describe('Other files of the same inbox with the same bytes'),
  summary: z.record(z.string(), z.union([z.number(), z.string()])).describe('Figures of the check: reads, bases, gc …'),
  errors: z.int(),
  warnings: z.int(),
});
export type FileView = z.infer<typeof fileView>;

/** A file with what its check found: at most some of each code, all counted. */
export const fileReport = z.object({
  id: uuid,
  name: z.string(),
  state: fileState,
  kind: z.string().optional(),
  summary: z.record(z.string(), z.union([z.number(), z.string()])),
  counts: z.record(z.string(), z.int()).describe('How often each code was met'),
  findings: z.array(findingView),
});
export type FileReport = z.infer<typeof fileReport>;

const id = z.object({ id: uuid });
const downloading = [
  'download_token_ended',
  'download_token_other',
  'download_rate',
  'download_used_up',
  ...dataProblems,
];

export const filesRoutes = {
  ...resumableRoutes,
  ...downloadRoutes,
  uploadFile: route({
    method: 'PUT',
    path: '/files/:name',
    summary: { en: 'Upload a file into your inbox', zh: '上传文件到收件区' },
    caller: 'submit',
    params: z.object({ name: z.string().max(500) }),
    query: z.object({
      sha256: sha256.optional().describe('What the sender computed; other bytes are refused'),
      md5: md5.optional(),
      size: z.coerce.number().int().min(0).optional(),
      duplicate: z
        .enum(['refuse', 'accept'])
        .default('refuse')
        .describe('Whether bytes that the inbox holds under another name may come again'),
    }),
    reply: fileView,
    bytes: { in: ['*/*'] },
    problems: [
      'file_name_refused',
      'file_too_large',
      'file_empty',
      'size_mismatch',
      'checksum_mismatch',
      'duplicate_content',
      'upload_stalled',
      'upload_broken',
      'upload_in_progress',
      'too_many_uploads',
      'storage_full',
      'storage_unavailable',
      'encrypted_wrong_key',
      'encrypted_damaged',
      'encrypted_refused',
    ],
  }),
  listFiles: route({
    method: 'GET',
    path: '/files',
    summary: { en: 'Files that you may see, newest first', zh: '列出可见的文件（最新在前）' },
    caller: 'submit',
    query: pageQuery.extend({
      state: fileState.optional(),
      mine: z.stringbool().default(true).describe('Only what you uploaded yourself'),
      name: z.string().max(255).optional().describe('Exactly this name'),
      sha256: sha256.optional(),
    }),
    reply: pageOf(fileView),
  }),
  getFile: route({
    method: 'GET',
    path: '/files/:id',
    summary: { en: 'A file and where it stands', zh: '查看文件及其状态' },
    caller: 'anyone',
    params: id,
    reply: fileView,
  }),
  getFileReport: route({
    method: 'GET',
    path: '/files/:id/report',
    summary: { en: 'What the check of a file found', zh: '查看文件检查报告' },
    caller: 'submit',
    params: id,
    reply: fileReport,
  }),
  renameFile: route({
    method: 'PATCH',
    path: '/files/:id',
    summary: { en: 'Give an unclaimed file another name', zh: '重命名未被使用的文件' },
    caller: 'submit',
    params: id,
    body: z.object({ name: z.string().max(500) }),
    reply: fileView,
    problems: ['file_claimed', 'upload_in_progress', 'file_name_refused', 'file_name_taken'],
  }),
  deleteFile: route({
    method: 'DELETE',
    path: '/files/:id',
    summary: { en: 'Remove an unclaimed file from the inbox', zh: '从收件区删除未被使用的文件' },
    caller: 'submit',
    params: id,
    problems: ['file_claimed', 'upload_in_progress'],
  }),
  downloadFile: route({
    method: 'GET',
    path: '/files/:id/content',
    summary: { en: 'Download a file, whole or one byte range', zh: '下载文件（可指定字节范围）' },
    caller: 'anyone',
    params: id,
    bytes: { out: ['application/octet-stream'] },
    problems: ['range_not_satisfiable', 'file_not_ready', 'file_missing', ...downloading],
  }),
  downloadEncrypted: route({
    method: 'GET',
    path: '/files/:id/encrypted',
    summary: { en: 'Download a file as Crypt4GH for a recipient’s key', zh: '下载以接收者公钥加密的 Crypt4GH 文件' },
    caller: 'anyone',
    params: id,
    query: z.object({
      recipient: z
        .string()
        .regex(/^[\w-]{43}$/)
        .describe('X25519 public key, 32 bytes in base64url'),
    }),
    bytes: { out: ['application/octet-stream'] },
    problems: ['range_not_satisfiable', 'file_not_ready', 'file_missing', 'recipient_refused', ...downloading],
  }),
  getDepositKey: route({
    method: 'GET',
    path: '/files/encryption-key',
    summary: {
      en: 'The key to encrypt files for before you send them (Crypt4GH)',
      zh: '获取上传前加密文件所用的公钥（Crypt4GH）',
    },
    caller: 'anyone',
    reply: z.object({
      publicKey: z.string().describe('X25519, 32 bytes in base64'),
      file: z.string().describe('The same as a public key file of Crypt4GH'),
    }),
    problems: ['encrypted_refused'],
  }),
  getManifestKey: route({
    method: 'GET',
    path: '/files/manifest-key',
    summary: { en: 'The key that signs segment manifests', zh: '获取签署分段清单的公钥' },
    caller: 'anyone',
    reply: z.object({ name: z.string(), publicKey: z.string().describe('Ed25519, 32 bytes in base64') }),
  }),
  getFileManifest: route({
    method: 'GET',
    path: '/files/:id/manifest',
    summary: { en: 'The signed segment manifest of a file', zh: '获取文件的签名分段清单' },
    caller: 'anyone',
    params: id,
    bytes: { out: ['text/plain'] },
    problems: ['file_not_ready', 'file_missing'],
  }),
  getFileLeaves: route({
    method: 'GET',
    path: '/files/:id/leaves',
    summary: { en: 'Hashes of segments and the proof of them', zh: '获取分段哈希及其证明' },
    caller: 'anyone',
    params: id,
    query: z.object({
      from: z.coerce.number().int().min(0).default(0).describe('First segment of 64 KiB'),
      to: z.coerce.number().int().min(1).default(4096).describe('Behind the last; at most 4096 are given'),
    }),
    reply: z.object({
      from: z.int(),
      leaves: z.string().describe('32 bytes each, base64'),
      proof: z.string().describe('Section 3.1 of docs/formats/segment-manifest.md, base64'),
    }),
    problems: ['range_not_satisfiable', 'file_not_ready', 'file_missing'],
  }),
} satisfies RouteTable;

export const filesProblems = defineProblems({
  ...resumableProblems,
  ...downloadProblems,
  file_name_refused: {
    status: 422,
    title: { en: 'The file name “{name}” cannot be used: {reason}', zh: '文件名 “{name}” 不可用：{reason}' },
    hint: {
      en: 'Use a plain name of up to 255 bytes, without folders and without < > : " | ? *; best only letters, digits and . _ - + #.',
      zh: '请使用不超过 255 字节的普通名称，不含文件夹路径及 < > : " | ? *；建议仅使用字母、数字和 . _ - + #。',
    },
  },
  file_too_large: {
    status: 413,
    title: { en: 'The file is larger than {limit} bytes', zh: '文件超过 {limit} 字节' },
    hint: {
      en: 'Compress or split it, or ask the administrator for a higher limit.',
      zh: '请压缩或拆分文件，或请管理员提高上限。',
    },
  },
  file_empty: {
    status: 422,
    title: { en: 'The file has no bytes', zh: '文件为空' },
    hint: { en: 'Send the file with its content.', zh: '请发送有内容的文件。' },
  },
  size_mismatch: {
    status: 422,
    title: {
      en: '{received} bytes arrived, {declared} were declared',
      zh: '收到 {received} 字节，声明为 {declared} 字节',
    },
    hint: { en: 'Nothing was kept. Send the file again.', zh: '未保留任何数据，请重新发送。' },
  },
  checksum_mismatch: {
    status: 422,
    title: {
      en: 'The {algorithm} of what arrived is {received}, declared was {declared}',
      zh: '收到数据的 {algorithm} 为 {received}，声明值为 {declared}',
    },
    hint: {
      en: 'Nothing was kept. The file was changed or damaged on the way: compute the checksum again and send it again.',
      zh: '未保留任何数据。文件在传输中被改动或损坏：请重新计算校验和后再次发送。',
    },
  },
  duplicate_content: {
    status: 409,
    title: { en: 'The same bytes are already here as “{name}”', zh: '相同内容已存在，文件名为 “{name}”' },
    hint: {
      en: 'Use that file, delete it first, or send with duplicate=accept when the sheet really names both.',
      zh: '请使用该文件或先将其删除；如表格确实引用了两个文件，请以 duplicate=accept 发送。',
    },
  },
  encrypted_wrong_key: {
    status: 422,
    title: { en: 'The file is encrypted, but not for this archive', zh: '文件已加密，但不是用本库公钥加密的' },
    hint: {
      en: 'Encrypt it for the key that “geneward crypt4gh archive-key” gives, or send it in plain over TLS.',
      zh: '请用 “geneward crypt4gh archive-key” 给出的公钥加密，或经 TLS 以明文发送。',
    },
  },
  encrypted_damaged: {
    status: 422,
    title: { en: 'Segment {segment} of the encrypted file does not open', zh: '加密文件的第 {segment} 段无法解开' },
    hint: {
      en: 'It was cut or changed after it was encrypted. Encrypt the file again and send it anew.',
      zh: '该文件在加密后被截断或改动，请重新加密后上传。',
    },
  },
  encrypted_refused: {
    status: 422,
    title: {
      en: 'A file that is encrypted like this cannot be kept: {reason}',
      zh: '无法保存这样加密的文件：{reason}',
    },
    hint: {
      en: 'Use Crypt4GH 1.0 with one data key and without an edit list, as “geneward crypt4gh encrypt” does. An archive under SM algorithms takes no such files.',
      zh: '请使用 Crypt4GH 1.0，仅一个数据密钥且无编辑列表（如 “geneward crypt4gh encrypt”）。使用国密算法的库不接收此类文件。',
    },
  },
  upload_stalled: {
    status: 408,
    title: { en: 'No byte arrived for {seconds} s', zh: '已有 {seconds} 秒未收到数据' },
    hint: { en: 'Nothing was kept. Send the file again.', zh: '未保留任何数据，请重新发送。' },
  },
  upload_broken: {
    status: 400,
    title: { en: 'The connection ended before the file did', zh: '文件未传完连接已断开' },
    hint: { en: 'Nothing was kept. Send the file again.', zh: '未保留任何数据，请重新发送。' },
  },
  upload_in_progress: {
    status: 409,
    title: { en: 'A file of this name is arriving at the moment', zh: '同名文件正在上传' },
    hint: { en: 'Wait until it has ended, or use another name.', zh: '请等待其完成，或使用其他名称。' },
  },
  too_many_uploads: {
    status: 429,
    title: { en: '{limit} uploads of yours are under way', zh: '您已有 {limit} 个上传正在进行' },
    hint: { en: 'Wait until one has ended.', zh: '请等待其中一个完成。' },
  },
  file_name_taken: {
    status: 409,
    title: { en: 'Your inbox has a file “{name}” already', zh: '收件区中已有文件“{name}”' },
    hint: { en: 'Take another name, or delete that file first.', zh: '请使用其他名称，或先删除该文件。' },
  },
  file_claimed: {
    status: 409,
    title: { en: 'An object of the archive holds this file', zh: '该文件已被归档对象使用' },
    hint: { en: 'Remove it from its submission first.', zh: '请先在提交中移除该文件。' },
  },
  file_not_ready: {
    status: 409,
    title: { en: 'The file is still arriving', zh: '文件仍在接收中' },
    hint: { en: 'Wait until its state is stored.', zh: '请等待其状态变为已存储。' },
  },
  file_missing: {
    status: 410,
    title: { en: 'The bytes of this file are gone', zh: '该文件的数据已不存在' },
    hint: { en: 'Send the file again or tell the administrator.', zh: '请重新上传或联系管理员。' },
  },
  recipient_refused: {
    status: 422,
    title: { en: 'The file cannot be encrypted for this key: {reason}', zh: '无法为该公钥加密文件：{reason}' },
    hint: {
      en: 'Give an X25519 public key. A file that is sealed with SM algorithms (suite G) can be had in plain over TLS only.',
      zh: '请提供 X25519 公钥。以国密算法（套件 G）加密的文件只能通过 TLS 以明文下载。',
    },
  },
  range_not_satisfiable: {
    status: 416,
    title: { en: 'The file has {size} bytes; this range is not among them', zh: '文件共 {size} 字节，请求的范围无效' },
    hint: { en: 'Ask for a range that begins inside the file.', zh: '请请求文件范围内的字节。' },
  },
});

const bytes = z.string().regex(/^\d+$/).describe('Bytes, a decimal string');

export const filesEvents = defineEvents({
  ...downloadEvents,
  'files.upload_begun': z.object({ size: bytes.optional(), joined: z.array(uuid).optional() }),
  'files.direct_arrived': z.object({ size: bytes }),
  'files.upload_ended': z.object({
    state: z.enum(['complete', 'refused', 'joined']),
    file: uuid.optional(),
    into: uuid.optional().describe('The upload that a part was joined into'),
    problem: z.string().optional(),
  }),
  'files.upload_given_up': z.object({ received: bytes, reason: z.enum(['sender', 'expired']) }),
  'files.uploaded': z.object({
    sha256,
    md5,
    size: bytes,
    state: fileState,
    replaced: uuid.optional(),
    encrypted: z.literal(true).optional().describe('Its sender had encrypted it for the archive'),
  }),
  'files.uploaded_again': z.object({ sha256, size: bytes }),
  'files.upload_refused': z.object({ reason: z.string() }),
  'files.checked': z.object({ sha256, state: fileState, errors: z.int(), warnings: z.int() }),
  'files.claimed': z.object({ by: z.object({ kind: z.string(), id: z.string() }) }),
  'files.unclaimed': z.object({ by: z.object({ kind: z.string(), id: z.string() }) }),
  'files.renamed': z.object({ from: z.string(), to: z.string() }),
  'files.deleted': z.object({ sha256: sha256.optional() }),
  'files.expired': z.object({ sha256 }),
  'files.lost': z.object({ sha256, reason: z.enum(['missing', 'damaged']) }),
  'files.mended': z.object({ sha256, store: z.string(), reason: z.enum(['missing', 'damaged']) }),
  'files.blob_removed': z.object({ key: z.string(), reason: z.enum(['orphan', 'unused']) }),
});
