import { hostname } from 'node:os';
import { createClient, identityRoutes, type IssuedToken, type Scope } from '@geneward/api';
import type { Command } from 'commander';
import { action, type Tools } from '../command.ts';
import { exit, exitCodeOf, Stop } from '../exit.ts';
import type { Output } from '../output.ts';
import { ask, askSecret } from '../prompt.ts';
import { forgetSession, keepSession } from '../session.ts';
import { wholeNumber } from './search.ts';

interface LoginOptions {
  email?: string;
  token?: boolean;
  days: number;
}

const everyScope: Scope[] = ['read', 'submit', 'review', 'compute', 'administer', 'audit'];

export function login(program: Command): void {
  program
    .command('login <address>')
    .description('sign in to an installation and keep a token for it 登录并保存令牌')
    .option('--email <address>', 'account 账户')
    .option('--token', 'take a token from GENEWARD_TOKEN or ask for one, instead of a password 使用已有令牌')
    .option('--days <n>', 'validity of the new token 新令牌有效天数', wholeNumber(1, 366), 30)
    .action(
      action(async ({ output }, address: string, options: LoginOptions) => {
        const server = originOf(address, output);
        const open = createClient({ baseUrl: server, language: output.language });
        let token: string;
        let issued: IssuedToken | undefined;
        if (options.token) {
          token =
            process.env['GENEWARD_TOKEN'] ??
            (await askSecret(output, { en: 'API token', zh: 'API 令牌' }, 'GENEWARD_TOKEN'));
        } else {
          const email = options.email ?? (await ask(output, { en: 'E-mail', zh: '邮箱' }, '--email'));
          const password =
            process.env['GENEWARD_PASSWORD'] ??
            (await askSecret(output, { en: 'Password', zh: '密码' }, 'GENEWARD_PASSWORD'));
          issued = await open.call(identityRoutes.tokenForPassword, {
            body: {
              email,
              password,
              name: `geneward on ${hostname()}`,
              scopes: everyScope,
              expiresInDays: options.days,
            },
          });
          token = issued.token;
        }
        const me = await createClient({ baseUrl: server, token, language: output.language }).call(
          identityRoutes.me,
          {},
        );
        keepSession({ server, token, ...(issued && { tokenId: issued.id, expiresAt: issued.expiresAt }) });
        output.result({ server, email: me.email, name: me.name, roles: me.roles }, () =>
          output.pick({
            en: `Signed in to ${server} as ${me.name} <${me.email}>.`,
            zh: `已登录 ${server}，身份：${me.name} <${me.email}>。`,
          }),
        );
      }),
    );
  program
    .command('logout')
    .description('revoke the token that login made, and forget it 退出：撤销令牌并从本机删除')
    .action(
      action(async (tools) => {
        const revoked = await revoke(tools);
        forgetSession();
        tools.output.result({ revoked }, () =>
          tools.output.pick(
            revoked
              ? { en: 'Signed out; the token is good no more.', zh: '已退出，令牌已失效。' }
              : {
                  en: 'The token was removed from this machine; it stays good until it expires or is revoked.',
                  zh: '已从本机删除令牌；在过期或被撤销之前该令牌仍然有效。',
                },
          ),
        );
      }),
    );
  program
    .command('whoami')
    .description('who is signed in, and where 查看当前身份')
    .action(
      action(async (tools) => {
        const { server } = tools.session();
        const me = await tools.client().call(identityRoutes.me, {});
        tools.output.result({ server, ...me }, () => `${me.name} <${me.email}>  ${me.roles.join(', ')}  ${server}`);
      }),
    );
}

/** A token that cannot be revoked now, because the server is away or it has ended already, is forgotten all the same. */
async function revoke(tools: Tools): Promise<boolean> {
  try {
    const { tokenId } = tools.session();
    if (!tokenId) return false;
    await tools.client().call(identityRoutes.revokeMyToken, { params: { token: tokenId } });
    return true;
  } catch (error) {
    if (exitCodeOf(error) === exit.internal) throw error;
    return false;
  }
}

/** Tokens travel in clear only on this machine. */
function originOf(address: string, output: Output): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new Stop(exit.usage, output.pick({ en: `Not an address: ${address}`, zh: `不是有效的地址：${address}` }));
  if (url.protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(url.hostname))
    throw new Stop(
      exit.usage,
      output.pick({
        en: `${url.hostname} must be reached by https: over http the password would travel in clear.`,
        zh: `${url.hostname} 必须使用 https 访问：http 会以明文传输密码。`,
      }),
    );
  return url.origin;
}
