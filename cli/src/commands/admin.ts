import { accessRoutes, catalogRoutes, createClient, identityRoutes, roles, type Role } from '@geneward/api';
import { Option, type Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { action } from '../command.ts';
import { columns } from '../output.ts';
import { itemsOf } from '../pages.ts';
import { ask, askSecret } from '../prompt.ts';
import { wholeNumber } from './search.ts';

interface OrganisationOptions {
  en: string;
  zh: string;
  country?: string;
}

/** What administrators and auditors do. */
export function admin(program: Command): void {
  const group = program.command('admin').description('administer an installation 系统管理');
  bootstrap(group);
  group
    .command('organisations')
    .description('list organisations 机构列表')
    .action(
      action(async ({ output, client }) => {
        const api = client();
        const items = await itemsOf(10_000, (query) => api.call(identityRoutes.organisations, { query }));
        output.result(items, (all) => columns(all.map((it) => [it.id, it.code, it.status, it.name[output.language]])));
      }),
    );
  group
    .command('organisation <code>')
    .description('add an organisation 新增机构')
    .requiredOption('--en <name>', 'English name 英文名')
    .requiredOption('--zh <name>', 'Chinese name 中文名')
    .option('--country <code>', 'ISO 3166-1 alpha-2 国家代码')
    .action(
      action(async ({ output, client }, code: string, { en, zh, country }: OrganisationOptions) => {
        const made = await client().call(identityRoutes.createOrganisation, {
          body: { code, name: { en, zh }, ...(country && { country }) },
          idempotencyKey: randomUUID(),
        });
        output.result(made, (it) => it.id);
      }),
    );
  people(group);
  group
    .command('audit')
    .description('audit events, newest first 审计事件')
    .option('--limit <n>', 'how many 条数', wholeNumber(1, 100_000), 50)
    .action(
      action(async ({ output, client }, options: { limit: number }) => {
        const api = client();
        const items = await itemsOf(options.limit, (query) => api.call(accessRoutes.audit, { query }));
        output.result(items, (all) =>
          columns(
            all.map((it) => [
              it.at,
              it.outcome,
              it.type,
              it.actor.id ?? it.actor.kind,
              it.object ? `${it.object.kind} ${it.object.accession ?? it.object.id}` : '',
            ]),
          ),
        );
      }),
    );
  group
    .command('reindex')
    .description('build the search index anew 重建检索索引')
    .action(
      action(async ({ output, client }) => {
        output.result(await client().call(catalogRoutes.reindex, {}), () => 'ok');
      }),
    );
}

function bootstrap(group: Command): void {
  group
    .command('bootstrap <link>')
    .description('make the first system administrator with the link of the first start 创建首位系统管理员')
    .requiredOption('--email <address>', 'account 账户')
    .requiredOption('--name <name>', 'name 姓名')
    .requiredOption('--organisation <code>', 'short name of the institution 机构代码')
    .option('--en <name>', 'its English name 机构英文名')
    .option('--zh <name>', 'its Chinese name 机构中文名')
    .action(
      action(
        async (
          { output },
          link: string,
          options: { email: string; name: string; organisation: string; en?: string; zh?: string },
        ) => {
          const { origin, hash } = new URL(link);
          const password =
            process.env['GENEWARD_PASSWORD'] ??
            (await askSecret(output, { en: 'New password', zh: '新密码' }, 'GENEWARD_PASSWORD'));
          const { email, name, organisation } = options;
          const made = await createClient({ baseUrl: origin, language: output.language }).call(
            identityRoutes.bootstrap,
            {
              body: {
                secret: hash.slice(1),
                email,
                name,
                password,
                language: output.language,
                organisation: {
                  code: organisation,
                  name: { en: options.en ?? organisation, zh: options.zh ?? options.en ?? organisation },
                },
              },
            },
          );
          output.result(made, (it) => `${it.name} <${it.email}>`);
        },
      ),
    );
  group
    .command('accept <link>')
    .description('accept an invitation 接受邀请')
    .option('--name <name>', 'your name 姓名')
    .action(
      action(async ({ output }, link: string, options: { name?: string }) => {
        const { origin, hash } = new URL(link);
        const name = options.name ?? (await ask(output, { en: 'Your name', zh: '姓名' }, '--name'));
        const password =
          process.env['GENEWARD_PASSWORD'] ??
          (await askSecret(output, { en: 'New password', zh: '新密码' }, 'GENEWARD_PASSWORD'));
        const made = await createClient({ baseUrl: origin, language: output.language }).call(
          identityRoutes.acceptInvitation,
          { body: { secret: hash.slice(1), name, password, language: output.language } },
        );
        output.result(made, (it) => `${it.name} <${it.email}>`);
      }),
    );
}

function people(group: Command): void {
  const role = (flags: string, text: string) => new Option(flags, text).choices(roles);
  group
    .command('people [words]')
    .description('list people 人员列表')
    .action(
      action(async ({ output, client }, q: string | undefined) => {
        const api = client();
        const items = await itemsOf(10_000, (query) =>
          api.call(identityRoutes.people, { query: { ...query, ...(q && { q }) } }),
        );
        output.result(items, (all) =>
          columns(all.map((it) => [it.id, it.email, it.status, it.roles.join(','), it.name])),
        );
      }),
    );
  group
    .command('invite <email>')
    .description('invite a person; prints a one-time link 邀请人员')
    .requiredOption('--organisation <id>', 'organisation 机构')
    .addOption(role('--role <role...>', 'roles 角色').default(['submitter']))
    .action(
      action(async ({ output, client }, email: string, options: { organisation: string; role: Role[] }) => {
        const made = await client().call(identityRoutes.invite, {
          body: { email, organisation: options.organisation, roles: options.role },
        });
        output.result(made, (it) => it.link);
      }),
    );
  group
    .command('role <person> <role>')
    .description('give a role, or take it away 授予或撤销角色')
    .option('--revoke', 'take it away 撤销')
    .action(
      action(async ({ output, client }, person: string, name: Role, options: { revoke?: boolean }) => {
        const route = options.revoke ? identityRoutes.revokeRole : identityRoutes.assignRole;
        output.result(
          await client().call(route, { params: { person, role: name } }),
          (it) => `${it.name}: ${it.roles.join(', ')}`,
        );
      }),
    );
  group
    .command('unlock <person>')
    .description('end a lock-out 解除锁定')
    .action(
      action(async ({ output, client }, person: string) => {
        output.result(await client().call(identityRoutes.unlockPerson, { params: { person } }), (it) => it.email);
      }),
    );
}
