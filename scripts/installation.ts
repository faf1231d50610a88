import { createClient, identityRoutes, type Client, type Label, type Role } from '@geneward/api';

/** A person with an API token, as somebody using the platform has one. */
export interface Account {
  readonly email: string;
  readonly password: string;
  readonly token: string;
  readonly person: string;
  readonly organisation: string;
  readonly client: Client;
}

/** The people of a new installation. */
export interface People {
  readonly system: Account;
  readonly security: Account;
  invite(input: {
    email: string;
    name: string;
    roles: readonly Role[];
    organisation?: string;
    clearance?: Label;
  }): Promise<Account>;
  organisation(code: string, en: string, zh: string): Promise<string>;
}

const allScopes = ['read', 'submit', 'review', 'compute', 'administer', 'audit'] as const;

/**
 * Makes the first administrators of a fresh installation through the public API, as its operator would.
 * @param link one-time link that the first start printed
 */
export async function firstPeople(address: string, link: string, password: string): Promise<People> {
  const open = createClient({ baseUrl: address });
  const system = await open.call(identityRoutes.bootstrap, {
    body: {
      secret: secretOf(link),
      email: 'system@example.org',
      name: '系统管理员',
      password,
      organisation: { code: 'gene-bank', name: { en: 'Gene Bank', zh: '基因库' }, country: 'CN' },
    },
  });
  const signIn = async (email: string, person: string, organisation: string): Promise<Account> => {
    const { token } = await open.call(identityRoutes.tokenForPassword, {
      body: { email, password, name: 'set-up', scopes: [...allScopes], expiresInDays: 30 },
    });
    return { email, password, token, person, organisation, client: createClient({ baseUrl: address, token }) };
  };
  const accept = async (
    by: Account,
    email: string,
    name: string,
    roles: Role[],
    organisation: string,
  ): Promise<Account> => {
    const invitation = await by.client.call(identityRoutes.invite, { body: { email, organisation, roles } });
    const made = await open.call(identityRoutes.acceptInvitation, {
      body: { secret: secretOf(invitation.link), name, password },
    });
    return signIn(email, made.id, organisation);
  };
  const first = await signIn('system@example.org', system.id, system.organisation);
  const security = await accept(
    first,
    'security@example.org',
    '安全管理员',
    ['security_administrator'],
    system.organisation,
  );
  return {
    system: first,
    security,
    async invite({ email, name, roles, organisation = system.organisation, clearance }) {
      const account = await accept(first, email, name, [], organisation);
      for (const role of roles)
        await security.client.call(identityRoutes.assignRole, { params: { person: account.person, role } });
      if (clearance)
        await security.client.call(identityRoutes.setClearance, {
          params: { person: account.person },
          body: clearance,
        });
      return signIn(email, account.person, organisation);
    },
    async organisation(code, en, zh) {
      return (await first.client.call(identityRoutes.createOrganisation, { body: { code, name: { en, zh } } })).id;
    },
  };
}

const secretOf = (link: string): string => link.slice(link.indexOf('#') + 1);

/** The bootstrap link in what a server printed. */
export function bootstrapLinkIn(output: string): string {
  const found = /https?:\/\/\S+#[\w-]{43}/.exec(output)?.[0];
  if (!found) throw new Error('the server printed no bootstrap link');
  return found;
}
