import { z } from 'zod';
import { route, scopes } from './contract.ts';
import { defineEvents } from './event.ts';
import { label } from './label.ts';
import { pageOf, pageQuery, text, uuid } from './page.ts';
import { defineProblems } from './problem.ts';

/** What a person may be. The last four are offices: nobody holds two of them. A regulator holds no other role at all. */
export const roles = [
  'submitter',
  'curator',
  'committee_member',
  'reader',
  'system_administrator',
  'security_administrator',
  'auditor',
  'regulator',
] as const;
export const role = z.enum(roles);
export type Role = z.infer<typeof role>;

const time = z.iso.datetime();
const language = z.enum(['en', 'zh']);
const email = z
  .email()
  .max(254)
  .transform((value) => value.toLowerCase());
/** Any script; no control characters, no invisible direction marks. */
const plainName = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\u200B-\u200F\u202A-\u202E\u2066-\u2069]*$/u, 'no control characters');
/** Part of a name, as somebody types it into a search. */
const searchText = z
  .string()
  .trim()
  .max(100)
  .regex(/^\P{Cc}*$/u, 'no control characters');
const reason = z.string().trim().min(1).max(2000);
const password = z.string().min(1).max(1024);
/** Secret of a one-time link: the part after `#`. */
const secret = z.string().regex(/^[\w-]{43}$/);
const scopeList = z
  .array(z.enum(scopes))
  .min(1)
  .max(scopes.length)
  .transform((list) => [...new Set(list)]);

export const organisation = z.object({
  id: uuid,
  code: z.string(),
  name: text,
  country: z.string().optional(),
  status: z.enum(['active', 'closed']),
  label,
  version: z.int(),
  createdAt: time,
});
export type Organisation = z.infer<typeof organisation>;

export const organisationInput = z.object({
  code: z.string().regex(/^[a-z0-9][a-z0-9-]{1,39}$/, 'two to forty small letters, digits and hyphens'),
  name: z.object({ en: plainName, zh: plainName }),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'ISO 3166-1 alpha-2')
    .optional(),
  label: label.optional().describe('Lowest label of what the organisation submits'),
});

export const person = z.object({
  id: uuid,
  email: z.string(),
  name: z.string(),
  organisation: uuid,
  language,
  mailNotices: z.boolean(),
  roles: z.array(role),
  clearance: label,
  status: z.enum(['active', 'disabled']),
  lockedUntil: time.optional().describe('Shown to administrators'),
  statusReason: z.string().optional().describe('Why the account is disabled; shown to administrators'),
  version: z.int(),
  createdAt: time,
});
export type Person = z.infer<typeof person>;

export const profile = person.extend({
  scopes: z.array(z.enum(scopes)).describe('What this session or token may be used for'),
  passwordExpired: z.boolean().describe('Until the password is changed nothing else is possible'),
  unreadNotices: z.int(),
});
export type Profile = z.infer<typeof profile>;

export const session = z.object({
  id: uuid,
  createdAt: time,
  lastSeenAt: time,
  expiresAt: time,
  address: z.string().optional(),
  userAgent: z.string().optional(),
  current: z.boolean(),
});

export const token = z.object({
  id: uuid,
  name: z.string(),
  scopes: z.array(z.enum(scopes)),
  createdAt: time,
  expiresAt: time,
  lastUsedAt: time.optional(),
});
export const tokenInput = z.object({
  name: plainName,
  scopes: scopeList,
  expiresInDays: z.int().min(1).max(366).default(90),
});
export const issuedToken = token.extend({ token: z.string().describe('Shown once') });
export type IssuedToken = z.infer<typeof issuedToken>;

export const sshKey = z.object({
  id: uuid,
  name: z.string(),
  type: z.string(),
  fingerprint: z.string().describe('As SSH programs show it: `SHA256:` and Base64'),
  createdAt: time,
  lastUsedAt: time.optional(),
});

export const invitation = z.object({
  id: uuid,
  email: z.string(),
  organisation: uuid,
  roles: z.array(role),
  createdAt: time,
  expiresAt: time,
});
export type Invitation = z.infer<typeof invitation>;

export const notice = z.object({
  id: uuid,
  at: time,
  type: z.string(),
  title: text,
  body: text,
  object: z.object({ kind: z.string(), id: z.string(), accession: z.string().optional() }).optional(),
  readAt: time.optional(),
});
export type Notice = z.infer<typeof notice>;

const link = z.object({ link: z.string().describe('Shown once; good for one use'), expiresAt: time });
const byPerson = z.object({ person: uuid });
const signInProblems = ['sign_in_failed', 'locked_out'] as const;
const passwordProblems = [
  'password_too_short',
  'password_too_long',
  'password_common',
  'password_context',
  'password_classes',
  'password_reused',
] as const;

/**
 * People, how they prove who they are, and what they are told. Answers that carry a secret take no idempotency key: they would be
 * kept with it.
 */
export const identityRoutes = {
  signIn: route({
    method: 'POST',
    path: '/session',
    summary: { en: 'Sign in with a password; sets the session cookie', zh: '使用密码登录，并设置会话 Cookie' },
    caller: 'anyone',
    body: z.object({ email, password }),
    reply: profile,
    problems: signInProblems,
  }),
  signOut: route({
    method: 'DELETE',
    path: '/session',
    summary: { en: 'Sign out', zh: '退出登录' },
    caller: 'anyone',
  }),
  tokenForPassword: route({
    method: 'POST',
    path: '/session/token',
    summary: {
      en: 'Get an API token for a password, for the command line',
      zh: '使用密码换取 API 令牌（供命令行使用）',
    },
    caller: 'anyone',
    body: tokenInput.extend({ email, password }),
    reply: issuedToken,
    status: 201,
    problems: [...signInProblems, 'password_expired', 'too_many_tokens'],
  }),
  bootstrap: route({
    method: 'POST',
    path: '/bootstrap',
    summary: {
      en: 'Make the first system administrator with the link printed at the first start',
      zh: '使用首次启动时输出的链接创建首位系统管理员',
    },
    caller: 'anyone',
    body: z.object({
      secret,
      email,
      name: plainName,
      password,
      language: language.default('en'),
      organisation: organisationInput,
    }),
    reply: person,
    status: 201,
    problems: ['link_not_valid', ...passwordProblems],
  }),
  readLink: route({
    method: 'POST',
    path: '/links/read',
    summary: { en: 'What a one-time link is for', zh: '查看一次性链接的用途' },
    caller: 'anyone',
    body: z.object({ secret }),
    reply: z.object({
      purpose: z.enum(['invitation', 'password_reset', 'bootstrap']),
      email: z.string().optional(),
      organisation: text.optional(),
      expiresAt: time,
    }),
    problems: ['link_not_valid'],
  }),
  acceptInvitation: route({
    method: 'POST',
    path: '/invitations/accept',
    summary: { en: 'Accept an invitation: sets name and password', zh: '接受邀请，设置姓名和密码' },
    caller: 'anyone',
    body: z.object({ secret, name: plainName, password, language: language.default('en') }),
    reply: person,
    status: 201,
    problems: ['link_not_valid', ...passwordProblems],
  }),
  resetPassword: route({
    method: 'POST',
    path: '/password-reset',
    summary: { en: 'Set a new password with a one-time link', zh: '使用一次性链接重设密码' },
    caller: 'anyone',
    body: z.object({ secret, password }),
    problems: ['link_not_valid', ...passwordProblems],
  }),

  me: route({
    method: 'GET',
    path: '/me',
    summary: { en: 'Who I am and what I may do', zh: '查看本人信息与权限' },
    caller: 'anyone',
    reply: profile,
    etag: true,
  }),
  updateMe: route({
    method: 'PATCH',
    path: '/me',
    summary: { en: 'Change my name, language or notices by mail', zh: '修改本人姓名、语言或邮件通知设置' },
    caller: 'anyone',
    body: z.object({ name: plainName.optional(), language: language.optional(), mailNotices: z.boolean().optional() }),
    reply: profile,
    etag: true,
  }),
  changePassword: route({
    method: 'POST',
    path: '/me/password',
    summary: { en: 'Change my password; all other sessions end', zh: '修改本人密码，其他会话随即失效' },
    caller: 'anyone',
    body: z.object({ current: password, next: password }),
    problems: [...signInProblems, 'session_needed', ...passwordProblems],
  }),
  mySessions: route({
    method: 'GET',
    path: '/me/sessions',
    summary: { en: 'My sessions', zh: '我的会话' },
    caller: 'anyone',
    reply: z.object({ items: z.array(session) }),
  }),
  revokeMySession: route({
    method: 'DELETE',
    path: '/me/sessions/:session',
    summary: { en: 'End one of my sessions', zh: '结束我的某个会话' },
    caller: 'anyone',
    params: z.object({ session: uuid }),
  }),
  myTokens: route({
    method: 'GET',
    path: '/me/tokens',
    summary: { en: 'My API tokens', zh: '我的 API 令牌' },
    caller: 'anyone',
    reply: z.object({ items: z.array(token) }),
  }),
  issueToken: route({
    method: 'POST',
    path: '/me/tokens',
    summary: { en: 'Issue an API token; needs a session', zh: '签发 API 令牌（须在登录会话中进行）' },
    caller: 'anyone',
    body: tokenInput,
    reply: issuedToken,
    status: 201,
    problems: ['session_needed', 'too_many_tokens'],
  }),
  renewToken: route({
    method: 'POST',
    path: '/me/tokens/renewal',
    summary: {
      en: 'Get a successor of the token of this request; it itself is good for an hour more',
      zh: '为本次请求所用令牌换取新令牌，原令牌再有效一小时',
    },
    caller: 'anyone',
    reply: issuedToken,
    status: 201,
    problems: ['token_not_renewable', 'too_many_tokens'],
  }),
  revokeMyToken: route({
    method: 'DELETE',
    path: '/me/tokens/:token',
    summary: { en: 'Revoke one of my API tokens', zh: '撤销我的某个 API 令牌' },
    caller: 'anyone',
    params: z.object({ token: uuid }),
  }),
  mySshKeys: route({
    method: 'GET',
    path: '/me/ssh-keys',
    summary: { en: 'My SSH keys, which open the SFTP inbox', zh: '我的 SSH 公钥（用于登录 SFTP 收件区）' },
    caller: 'anyone',
    reply: z.object({ items: z.array(sshKey) }),
  }),
  addSshKey: route({
    method: 'POST',
    path: '/me/ssh-keys',
    summary: {
      en: 'Register an SSH public key; needs a session, or the password beside a token',
      zh: '登记 SSH 公钥（须在登录会话中进行，或在令牌之外提供密码）',
    },
    caller: 'anyone',
    body: z.object({
      name: plainName,
      publicKey: z.string().min(1).max(10_000).describe('The line of an OpenSSH public key file'),
      password: password.optional(),
    }),
    reply: sshKey,
    problems: ['session_needed', ...signInProblems, 'ssh_key_refused', 'ssh_key_taken', 'too_many_ssh_keys'],
  }),
  removeSshKey: route({
    method: 'DELETE',
    path: '/me/ssh-keys/:key',
    summary: { en: 'Remove one of my SSH keys', zh: '删除我的某个 SSH 公钥' },
    caller: 'anyone',
    params: z.object({ key: uuid }),
  }),
  myNotices: route({
    method: 'GET',
    path: '/me/notices',
    summary: { en: 'What the platform told me, newest first', zh: '我的通知，最新的在前' },
    caller: 'read',
    query: pageQuery.extend({ unread: z.enum(['true', 'false']).optional() }),
    reply: pageOf(notice),
  }),
  markNoticesRead: route({
    method: 'POST',
    path: '/me/notices/read',
    summary: { en: 'Mark notices as read; without ids, all of them', zh: '将通知标为已读；不指定 id 时全部标为已读' },
    caller: 'read',
    body: z.object({ ids: z.array(uuid).min(1).max(200).optional() }),
    reply: z.object({ marked: z.int() }),
  }),

  organisations: route({
    method: 'GET',
    path: '/organisations',
    summary: { en: 'Organisations by name', zh: '机构列表' },
    caller: 'read',
    query: pageQuery.extend({ q: searchText.optional() }),
    reply: pageOf(organisation),
  }),
  organisation: route({
    method: 'GET',
    path: '/organisations/:organisation',
    summary: { en: 'One organisation', zh: '查看机构' },
    caller: 'read',
    params: z.object({ organisation: uuid }),
    reply: organisation,
    etag: true,
  }),
  createOrganisation: route({
    method: 'POST',
    path: '/organisations',
    summary: { en: 'Add an organisation', zh: '新增机构' },
    caller: 'administer',
    body: organisationInput,
    reply: organisation,
    status: 201,
    idempotent: true,
    problems: ['code_taken'],
  }),
  updateOrganisation: route({
    method: 'PATCH',
    path: '/organisations/:organisation',
    summary: { en: 'Change or close an organisation', zh: '修改或关闭机构' },
    caller: 'administer',
    params: z.object({ organisation: uuid }),
    body: organisationInput
      .omit({ code: true })
      .partial()
      .extend({ status: z.enum(['active', 'closed']).optional() }),
    reply: organisation,
    etag: true,
  }),

  people: route({
    method: 'GET',
    path: '/people',
    summary: { en: 'People by name or address', zh: '按姓名或邮箱查找人员' },
    caller: 'read',
    query: pageQuery.extend({
      q: searchText.optional(),
      organisation: uuid.optional(),
      role: role.optional(),
      status: z.enum(['active', 'disabled']).optional(),
    }),
    reply: pageOf(person),
  }),
  person: route({
    method: 'GET',
    path: '/people/:person',
    summary: { en: 'One person', zh: '查看人员' },
    caller: 'read',
    params: byPerson,
    reply: person,
  }),
  invitations: route({
    method: 'GET',
    path: '/invitations',
    summary: { en: 'Invitations that still wait', zh: '尚未接受的邀请' },
    caller: 'administer',
    query: pageQuery,
    reply: pageOf(invitation),
  }),
  invite: route({
    method: 'POST',
    path: '/invitations',
    summary: { en: 'Invite a person; gives a one-time link', zh: '邀请人员，返回一次性链接' },
    caller: 'administer',
    body: z.object({ email, organisation: uuid, roles: z.array(role).max(roles.length).default(['submitter']) }),
    reply: invitation.extend(link.shape),
    status: 201,
    problems: ['email_taken', 'role_needs_security_administrator', 'offices_are_disjoint', 'regulator_stands_apart'],
  }),
  revokeInvitation: route({
    method: 'DELETE',
    path: '/invitations/:invitation',
    summary: { en: 'Take an invitation back', zh: '撤回邀请' },
    caller: 'administer',
    params: z.object({ invitation: uuid }),
  }),
  assignRole: route({
    method: 'PUT',
    path: '/people/:person/roles/:role',
    summary: { en: 'Give a person a role', zh: '授予角色' },
    caller: 'administer',
    params: byPerson.extend({ role }),
    reply: person,
    problems: ['offices_are_disjoint', 'regulator_stands_apart'],
  }),
  revokeRole: route({
    method: 'DELETE',
    path: '/people/:person/roles/:role',
    summary: { en: 'Take a role away', zh: '撤销角色' },
    caller: 'administer',
    params: byPerson.extend({ role }),
    reply: person,
    problems: ['last_officer'],
  }),
  setClearance: route({
    method: 'PUT',
    path: '/people/:person/clearance',
    summary: { en: 'Set what a person is cleared to see', zh: '设置人员的密级许可' },
    caller: 'administer',
    params: byPerson,
    body: label,
    reply: person,
  }),
  disablePerson: route({
    method: 'POST',
    path: '/people/:person/disable',
    summary: { en: 'Disable an account; its sessions and tokens end', zh: '停用账户，其会话与令牌随即失效' },
    caller: 'administer',
    params: byPerson,
    body: z.object({ reason }),
    reply: person,
    problems: ['last_officer'],
  }),
  enablePerson: route({
    method: 'POST',
    path: '/people/:person/enable',
    summary: { en: 'Enable a disabled account', zh: '启用账户' },
    caller: 'administer',
    params: byPerson,
    reply: person,
  }),
  lockPerson: route({
    method: 'POST',
    path: '/people/:person/lock',
    summary: { en: 'Lock sign-in of a person for some time', zh: '在一段时间内锁定某人的登录' },
    caller: 'administer',
    params: byPerson,
    body: z.object({ minutes: z.int().min(1).max(525_600) }),
    reply: person,
  }),
  unlockPerson: route({
    method: 'POST',
    path: '/people/:person/unlock',
    summary: { en: 'End a lock-out', zh: '解除锁定' },
    caller: 'administer',
    params: byPerson,
    reply: person,
  }),
  endAccess: route({
    method: 'POST',
    path: '/people/:person/end-access',
    summary: { en: 'End all sessions and revoke all tokens of a person', zh: '结束某人的全部会话并撤销其全部令牌' },
    caller: 'administer',
    params: byPerson,
    reply: z.object({ sessions: z.int(), tokens: z.int() }),
  }),
  offerPasswordReset: route({
    method: 'POST',
    path: '/people/:person/password-reset',
    summary: { en: 'Make a one-time link with which a person sets a new password', zh: '生成重设密码的一次性链接' },
    caller: 'administer',
    params: byPerson,
    reply: link,
    status: 201,
  }),
} as const;

export const identityProblems = defineProblems({
  sign_in_failed: {
    status: 401,
    title: { en: 'Address or password is wrong', zh: '邮箱或密码不正确' },
    hint: {
      en: 'Check both. An administrator can send you a link to set a new password.',
      zh: '请检查后重试；管理员可为您提供重设密码的链接。',
    },
  },
  locked_out: {
    status: 429,
    title: { en: 'Too many failed attempts', zh: '失败次数过多' },
    hint: { en: 'Wait {seconds} s, or ask a security administrator.', zh: '请等待 {seconds} 秒，或联系安全管理员。' },
  },
  password_expired: {
    status: 403,
    title: { en: 'The password has expired', zh: '密码已过期' },
    hint: { en: 'Sign in on the web page and change it.', zh: '请在网页上登录并修改密码。' },
  },
  session_needed: {
    status: 403,
    title: { en: 'A token cannot do this', zh: '不能使用令牌执行此操作' },
    hint: { en: 'Sign in with your password and do it there.', zh: '请使用密码登录后再操作。' },
  },
  too_many_tokens: {
    status: 409,
    title: { en: 'You have {limit} tokens already', zh: '您已有 {limit} 个令牌' },
    hint: { en: 'Revoke one that you no longer use.', zh: '请先撤销不再使用的令牌。' },
  },
  token_not_renewable: {
    status: 409,
    title: { en: 'This credential cannot be renewed: {reason}', zh: '该凭据不能续期：{reason}' },
    hint: { en: 'Sign in again; work that was begun goes on.', zh: '请重新登录，已开始的工作将继续进行。' },
  },
  ssh_key_refused: {
    status: 422,
    title: { en: 'This SSH key is not taken: {reason}', zh: '不接受该 SSH 公钥：{reason}' },
    hint: {
      en: 'Send the line of a .pub file: Ed25519, ECDSA, or RSA of at least 2048 bits. ssh-keygen -t ed25519 makes one.',
      zh: '请提供 .pub 文件中的一行（Ed25519、ECDSA 或不少于 2048 位的 RSA），可用 ssh-keygen -t ed25519 生成。',
    },
  },
  ssh_key_taken: {
    status: 409,
    title: { en: 'This SSH key is registered already', zh: '该 SSH 公钥已被登记' },
    hint: { en: 'One key opens one inbox. Make another one.', zh: '一个公钥只能用于一个收件区，请另行生成。' },
  },
  too_many_ssh_keys: {
    status: 409,
    title: { en: 'You have {limit} SSH keys already', zh: '您已有 {limit} 个 SSH 公钥' },
    hint: { en: 'Remove one that you no longer use.', zh: '请先删除不再使用的公钥。' },
  },
  link_not_valid: {
    status: 410,
    title: { en: 'This link was used, taken back or has expired', zh: '该链接已使用、已撤回或已过期' },
    hint: { en: 'Ask the administrator for a new one.', zh: '请向管理员索取新的链接。' },
  },
  email_taken: {
    status: 409,
    title: { en: 'There is an account or an invitation for this address', zh: '该邮箱已有账户或邀请' },
    hint: { en: 'Search the people, or take the invitation back first.', zh: '请先查找该人员，或撤回原有邀请。' },
  },
  code_taken: {
    status: 409,
    title: { en: 'Another organisation has this code', zh: '该代码已被其他机构使用' },
    hint: { en: 'Choose another code.', zh: '请更换代码。' },
  },
  role_needs_security_administrator: {
    status: 403,
    title: { en: 'Only a security administrator gives the role "{role}"', zh: '角色 “{role}” 只能由安全管理员授予' },
    hint: {
      en: 'Invite without it and let a security administrator assign it.',
      zh: '请先不带该角色发出邀请，再由安全管理员授予。',
    },
  },
  offices_are_disjoint: {
    status: 409,
    title: {
      en: 'System administrator, security administrator and auditor must be three different people',
      zh: '系统管理员、安全管理员与审计员须由不同人员担任',
    },
    hint: {
      en: 'Take the other office away first, or choose another person.',
      zh: '请先撤销其另一职务，或选择其他人员。',
    },
  },
  regulator_stands_apart: {
    status: 409,
    title: { en: 'A regulator holds no other role', zh: '监管人员不得兼任其他角色' },
    hint: {
      en: 'Take the other roles away first, or give the role to an account of its own.',
      zh: '请先撤销其他角色，或使用单独的账户。',
    },
  },
  last_officer: {
    status: 409,
    title: { en: 'This is the last active {role}', zh: '这是最后一位在任的 {role}' },
    hint: { en: 'Give the role to somebody else first.', zh: '请先将该角色授予其他人。' },
  },
  password_too_short: {
    status: 422,
    title: { en: 'The password has fewer than {limit} characters', zh: '密码少于 {limit} 个字符' },
    hint: {
      en: 'Several words in a row are easy to remember and hard to guess.',
      zh: '可使用由多个词组成的口令，易记且难猜。',
    },
  },
  password_too_long: {
    status: 422,
    title: { en: 'The password has more than {limit} characters', zh: '密码超过 {limit} 个字符' },
    hint: { en: 'Choose a shorter one.', zh: '请缩短密码。' },
  },
  password_common: {
    status: 422,
    title: { en: 'This password is among those that attackers try first', zh: '该密码属于常见密码，极易被猜中' },
    hint: { en: 'Choose one that nobody else would.', zh: '请选择他人不会想到的密码。' },
  },
  password_context: {
    status: 422,
    title: {
      en: 'The password is built from your name, address or this platform’s name',
      zh: '密码由您的姓名、邮箱或本平台名称构成',
    },
    hint: { en: 'Choose words that have nothing to do with you.', zh: '请选择与您本人无关的内容。' },
  },
  password_classes: {
    status: 422,
    title: {
      en: 'The password has fewer than {limit} of: small letters, capitals, digits, other characters',
      zh: '密码须包含小写字母、大写字母、数字和其他字符中的至少 {limit} 类',
    },
    hint: { en: 'Mix more kinds of characters.', zh: '请混合使用更多类别的字符。' },
  },
  password_reused: {
    status: 422,
    title: { en: 'You used this password before', zh: '该密码近期使用过' },
    hint: { en: 'It must differ from your last {limit}.', zh: '新密码须与最近 {limit} 个密码不同。' },
  },
});

const ofPerson = z.object({ person: uuid });
const ofRole = ofPerson.extend({ role });

export const identityEvents = defineEvents({
  'identity.bootstrapped': ofPerson.extend({ organisation: uuid }),
  'identity.signed_in': ofPerson.extend({ session: uuid, passwordExpired: z.boolean() }),
  'identity.sign_in_failed': z.object({
    reason: z.enum(['unknown_account', 'wrong_password', 'disabled', 'locked', 'password_expired']),
    failures: z.int().optional(),
  }),
  'identity.token_refused': z.object({ reason: z.enum(['unknown', 'expired', 'revoked', 'disabled']) }),
  'identity.signed_out': ofPerson.extend({ session: uuid }),
  'identity.session_revoked': ofPerson.extend({ session: uuid }),
  'identity.token_issued': ofPerson.extend({ token: uuid, scopes: z.array(z.enum(scopes)), expiresAt: time }),
  'identity.token_renewed': ofPerson.extend({ token: uuid, successor: uuid, expiresAt: time }),
  'identity.token_revoked': ofPerson.extend({ token: uuid }),
  'identity.ssh_key_added': ofPerson.extend({ key: uuid, fingerprint: z.string() }),
  'identity.ssh_key_removed': ofPerson.extend({ key: uuid, fingerprint: z.string() }),
  'identity.ssh_key_refused': z.object({ fingerprint: z.string(), reason: z.enum(['unknown', 'disabled']) }),
  'identity.password_changed': ofPerson.extend({ by: z.enum(['self', 'link']) }),
  'identity.password_refused': z.object({ reason: z.string() }),
  'identity.password_reset_offered': ofPerson.extend({ link: uuid }),
  'identity.link_refused': z.object({ reason: z.enum(['unknown', 'used', 'expired', 'revoked', 'other_purpose']) }),
  'identity.invited': z.object({ invitation: uuid, organisation: uuid, roles: z.array(role) }),
  'identity.invitation_revoked': z.object({ invitation: uuid }),
  'identity.invitation_accepted': ofPerson.extend({ invitation: uuid, organisation: uuid, roles: z.array(role) }),
  'identity.role_assigned': ofRole,
  'identity.role_revoked': ofRole,
  'identity.role_refused': z.object({
    role,
    reason: z.enum(['disjoint', 'last_officer', 'needs_security_administrator', 'stands_apart']),
  }),
  'identity.clearance_set': ofPerson.extend({ before: label, after: label }),
  'identity.person_disabled': ofPerson.extend({ sessions: z.int(), tokens: z.int() }),
  'identity.person_enabled': ofPerson,
  'identity.access_ended': ofPerson.extend({ sessions: z.int(), tokens: z.int() }),
  'identity.person_locked': ofPerson.extend({ until: time }),
  'identity.person_unlocked': ofPerson,
  'identity.profile_changed': ofPerson.extend({ fields: z.array(z.string()) }),
  'identity.organisation_created': z.object({ organisation: uuid }),
  'identity.organisation_changed': z.object({ organisation: uuid, fields: z.array(z.string()) }),
});
