import type { Context } from '../../../platform/context.ts';
import type { Tx } from '../../../platform/db.ts';
import { notify } from './notices.ts';

/** What a person is told of changes to the own account, so that a stranger's doing does not go unnoticed (OWASP ASVS 5.0.0, 6.3.7). */
const texts = {
  'identity.password_changed': {
    title: { en: 'Your password was changed', zh: '您的密码已修改' },
    body: {
      en: 'The password of your account was changed, and your other sessions ended. If it was not you, tell the security administrator at once.',
      zh: '您的账户密码已修改，其他会话已失效。如非本人操作，请立即联系安全管理员。',
    },
  },
  'identity.token_issued': {
    title: { en: 'A new API token was issued', zh: '已签发新的 API 令牌' },
    body: {
      en: 'The API token “{name}” was issued for your account. If it was not you, revoke it and tell the security administrator.',
      zh: '已为您的账户签发 API 令牌“{name}”。如非本人操作，请撤销该令牌并联系安全管理员。',
    },
  },
  'identity.ssh_key_added': {
    title: { en: 'A new SSH key was registered', zh: '已登记新的 SSH 公钥' },
    body: {
      en: 'The SSH key “{name}” was registered for your account; it opens your SFTP inbox. If it was not you, remove it and tell the security administrator.',
      zh: '已为您的账户登记 SSH 公钥“{name}”，可用于登录 SFTP 收件区。如非本人操作，请删除该公钥并联系安全管理员。',
    },
  },
  'identity.role_assigned': {
    title: { en: 'You were given a role', zh: '您获得了新的角色' },
    body: {
      en: 'You now have the role “{name}”. Sign in again to use it.',
      zh: '您已获得角色“{name}”，重新登录后生效。',
    },
  },
  'identity.role_revoked': {
    title: { en: 'A role was taken from you', zh: '您的一个角色已被撤销' },
    body: { en: 'You no longer have the role “{name}”.', zh: '您不再拥有角色“{name}”。' },
  },
  'identity.clearance_set': {
    title: { en: 'Your clearance was changed', zh: '您的密级许可已变更' },
    body: {
      en: 'What you are cleared to see of other organisations was changed to grade {name}.',
      zh: '您可查看其他机构数据的密级许可已调整为 {name} 级。',
    },
  },
} as const;

/** Tells a person of a change to the own account, with the transaction that makes it. */
export async function tellOwner(
  tx: Tx,
  context: Context,
  person: string,
  type: keyof typeof texts,
  name = '',
): Promise<void> {
  const { title, body } = texts[type];
  await notify(tx, {
    people: [person],
    type,
    title,
    body: { en: body.en.replace('{name}', () => name), zh: body.zh.replace('{name}', () => name) },
    at: context.now(),
  });
}
