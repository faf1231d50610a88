import { z } from 'zod';
import { route, type RouteTable } from './contract.ts';
import { defineEvents } from './event.ts';
import { defineProblems } from './problem.ts';

/** The doors of the inbox beside HTTP. */
export const inboxRoutes = {
  describeSftp: route({
    method: 'GET',
    path: '/inbox/sftp',
    summary: { en: 'How to reach the SFTP inbox, and its host keys', zh: '查询 SFTP 收件区的地址与主机公钥' },
    caller: 'submit',
    reply: z.object({
      open: z.boolean(),
      port: z.int().optional(),
      user: z.string().optional().describe('Name that everybody may log in with; the own e-mail address does as well'),
      hostKeys: z
        .array(
          z.object({
            type: z.string(),
            fingerprint: z.string().describe('What the client shows at the first connection'),
            publicKey: z.string().describe('For known_hosts, behind the name of the host'),
          }),
        )
        .optional(),
    }),
  }),
} satisfies RouteTable;

export const inboxEvents = defineEvents({
  'inbox.sftp_opened': z.object({ via: z.enum(['token', 'key']) }),
});

export const inboxProblems = defineProblems({
  drop_not_plain: {
    status: 422,
    title: { en: 'This is {kind}, not a file of its own', zh: '这不是普通文件（{kind}）' },
    hint: { en: 'Copy the file itself into the folder.', zh: '请将文件本身复制到该文件夹。' },
  },
  drop_unreadable: {
    status: 403,
    title: { en: 'The archive may not read this file', zh: '系统无权读取该文件' },
    hint: {
      en: 'Let the account of the archive read it, and put it there again.',
      zh: '请授予系统账户读取权限后重新放入。',
    },
  },
  drop_changed: {
    status: 409,
    title: { en: 'The file was changed while it was taken', zh: '收取过程中文件被修改' },
    hint: {
      en: 'Write it under another name and rename it when it is whole.',
      zh: '请先以其他名称写入，完成后再重命名。',
    },
  },
  sftp_order: {
    status: 409,
    title: {
      en: 'Bytes for {given} came where those for {expected} are next',
      zh: '应从 {expected} 处继续，而收到的是 {given} 处的数据',
    },
    hint: {
      en: 'Send a file from its beginning to its end, or go on where it stands: reput, or put -a.',
      zh: '请按顺序发送，或从现有位置继续：reput 或 put -a。',
    },
  },
  sftp_write_only: {
    status: 403,
    title: { en: 'This is an inbox: files are not read here', zh: '此处为收件区，不提供下载' },
    hint: { en: 'Download by geneward get or over HTTPS.', zh: '请使用 geneward get 或 HTTPS 下载。' },
  },
  sftp_folder: {
    status: 403,
    title: {
      en: 'Folders are what they are: inbox, and one for each draft',
      zh: '目录是固定的：收件区，以及每个草稿一个目录',
    },
    hint: { en: 'Put files into /inbox, or into the folder of a draft.', zh: '请将文件放入 /inbox 或某个草稿的目录。' },
  },
  sftp_undeclared: {
    status: 409,
    title: { en: 'No sheet of this draft names a file “{name}”', zh: '该草稿的表格中没有文件“{name}”' },
    hint: { en: 'Put it into /inbox, or name it in the sheet first.', zh: '请放入 /inbox，或先在表格中列出该文件。' },
  },
});
