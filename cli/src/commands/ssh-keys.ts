import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { identityRoutes } from '@geneward/api';
import type { Command } from 'commander';
import { action } from '../command.ts';
import { columns } from '../output.ts';
import { askSecret } from '../prompt.ts';

/** Public keys that open the SFTP inbox of whoever is signed in. */
export function sshKeys(program: Command): void {
  const group = program.command('ssh-keys').description('keys for the SFTP inbox SFTP 收件区公钥');
  group
    .command('list')
    .description('my keys 公钥列表')
    .action(
      action(async ({ output, client }) => {
        const { items } = await client().call(identityRoutes.mySshKeys, {});
        output.result(items, (all) =>
          columns(all.map((key) => [key.id, key.type, key.fingerprint, key.lastUsedAt?.slice(0, 10) ?? '', key.name])),
        );
      }),
    );
  group
    .command('add <file>')
    .description('register a public key, such as ~/.ssh/id_ed25519.pub 登记公钥')
    .option('--name <name>', 'what to call it 名称')
    .action(
      action(async ({ output, client }, file: string, { name }: { name?: string }) => {
        const publicKey = readFileSync(file, 'utf8');
        const password =
          process.env['GENEWARD_PASSWORD'] ??
          (await askSecret(output, { en: 'Password of your account', zh: '账户密码' }, 'GENEWARD_PASSWORD'));
        const body = { name: name ?? hostname(), publicKey, password };
        const key = await client().call(identityRoutes.addSshKey, { body });
        output.result(key, ({ id, fingerprint }) =>
          output.pick({ en: `Registered ${fingerprint} as ${id}.`, zh: `已登记 ${fingerprint}，编号 ${id}。` }),
        );
      }),
    );
  group
    .command('remove <id...>')
    .description('take keys back 删除公钥')
    .action(
      action(async ({ output, client }, ids: string[]) => {
        for (const key of ids) await client().call(identityRoutes.removeSshKey, { params: { key } });
        output.result({ removed: ids }, () =>
          output.pick({ en: `${ids.length} removed`, zh: `已删除 ${ids.length} 个` }),
        );
      }),
    );
}
