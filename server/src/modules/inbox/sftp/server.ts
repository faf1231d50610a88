import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import ssh2, { type AuthContext, type Connection, type PublicKeyAuthContext } from 'ssh2';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { asProblem, transaction } from '../../../platform/db.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { tellRefusal } from '../../../platform/tell-refusal.ts';
import { openFile, openInbox, type FilesPorts } from '../../files/index.ts';
import { admitByKey, admitByToken, findSshKey, sshPerson, type Admitted } from '../../identity/index.ts';
import { openHostKeys, type HostKey } from './host-keys.ts';
import { serveSession } from './session.ts';

/** A running SFTP inbox. */
export interface SftpInbox {
  readonly port: number;
  readonly hostKeys: readonly HostKey[];
  stop(): Promise<void>;
}

/** The name that everybody may log in with; the key or token says who it is. */
export const commonUser = 'geneward';

const limits = {
  /** Connections at once, and those of one address. */
  connections: 500,
  fromOneAddress: 50,
  /** Tries to come in over one connection. */
  attempts: 6,
  /** Offers of keys over one connection: agents hold many. */
  offers: 20,
  /** Milliseconds until somebody must be in. */
  grace: 60_000,
  /** Milliseconds without a request, after which a connection ends. */
  idle: 15 * 60_000,
} as const;

/** Opens the SFTP inbox: a port of its own, the same inbox, rules and events as over HTTP. */
export async function startSftp(parts: Parts, ports: Pick<FilesPorts, 'fileArrived'>): Promise<SftpInbox> {
  const { config, log } = parts;
  const hostKeys = openHostKeys(config.data);
  const open = new Map<Connection, string>();
  const server = new ssh2.Server(
    {
      hostKeys: hostKeys.map(({ privateKey }) => privateKey),
      ident: 'Geneward',
      keepaliveInterval: 30_000,
      keepaliveCountMax: 4,
    },
    (client, { ip }) => {
      const addresses = [...open.values()].filter((address) => address === ip).length;
      if (open.size >= limits.connections || addresses >= limits.fromOneAddress) {
        client.on('error', () => undefined);
        client.end();
        return;
      }
      open.set(client, ip);
      client.on('close', () => void open.delete(client));
      serveClient(client, ip, { parts, ports });
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.sftp.port ?? 0, config.sftp.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  server.on('error', (error: Error) => log.warn({ err: error }, 'SFTP listener'));
  const { port } = server.address() as AddressInfo;
  log.info(
    { host: config.sftp.host, port, fingerprints: hostKeys.map(({ fingerprint }) => fingerprint) },
    'SFTP inbox is open',
  );
  return {
    port,
    hostKeys,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const client of open.keys()) client.end();
      }),
  };
}

interface Hall {
  readonly parts: Parts;
  readonly ports: Pick<FilesPorts, 'fileArrived'>;
}

function serveClient(client: Connection, ip: string, { parts, ports }: Hall): void {
  const requestId = randomUUID();
  const { pool, now, requests } = parts;
  const log = parts.log.child({ requestId });
  const visitor: Context = {
    db: pool.db,
    principal: { kind: 'anonymous' },
    requestId,
    address: ip,
    language: 'en',
    now,
    log,
  };
  let admitted: Admitted | undefined;
  let attempts = 0;
  let offers = 0;
  let idle: NodeJS.Timeout | undefined = setTimeout(() => client.end(), limits.grace);
  const awake = () => {
    clearTimeout(idle);
    idle = setTimeout(() => client.end(), limits.idle);
  };

  const judge = async (asked: AuthContext): Promise<void> => {
    const refuse = () => asked.reject(['publickey', 'password']);
    if (asked.method === 'publickey' && !asked.signature) {
      offers += 1;
      if (offers > limits.offers) return void client.end();
      const found = await findSshKey(parts, asked.key.data);
      if (found && isUser(asked.username, found.email)) return asked.accept();
      return refuse();
    }
    if (asked.method !== 'password' && asked.method !== 'publickey') return refuse();
    attempts += 1;
    if (attempts > limits.attempts) return void client.end();
    requests.take(ip);
    const came = asked.method === 'password' ? await admitByToken(parts, visitor, asked.password) : await byKey(asked);
    const person = came?.principal.kind === 'person' ? await sshPerson(parts, came.principal.id) : undefined;
    if (!came || came.principal.kind !== 'person' || !person || !isUser(asked.username, person.email)) return refuse();
    if (!came.principal.scopes.includes('submit')) return refuse();
    admitted = came;
    const context = { ...visitor, principal: came.principal, language: person.language };
    const via = asked.method === 'password' ? 'token' : 'key';
    await transaction(pool.db, (tx) => record(tx, context, { type: 'inbox.sftp_opened', content: { via } }));
    client.once('ready', () => open(context, came));
    asked.accept();
  };
  const byKey = async (asked: PublicKeyAuthContext): Promise<Admitted | undefined> => {
    const key = ssh2.utils.parseKey(asked.key.data);
    const { blob, signature, hashAlgo } = asked;
    if (key instanceof Error || !blob || !signature) return undefined;
    if (!(await findSshKey(parts, asked.key.data)) || !key.verify(blob, signature, hashAlgo)) return undefined;
    return admitByKey(parts, visitor, asked.key.data);
  };
  const open = (context: Context, { again }: Admitted): void => {
    awake();
    const who = context.principal.kind === 'person' ? context.principal.id : ip;
    const inbox = openInbox(parts, ports);
    client.on('session', (accept) => {
      const session = accept();
      session.on('sftp', (acceptSftp) =>
        serveSession(acceptSftp(), {
          context,
          inbox,
          authenticate: again,
          parts,
          ports,
          read: (file) => openFile(context.db, parts.blobs, file),
          limit: () => {
            awake();
            requests.take(who);
          },
          awake,
          end: () => client.end(),
        }),
      );
    });
  };

  client
    .on('authentication', (asked) => {
      judge(asked).catch(async (error: unknown) => {
        const problem = asProblem(error);
        await tellRefusal(visitor, problem).catch(() => undefined);
        if (!(problem instanceof Problem)) log.error({ err: error }, 'SFTP: somebody could not be let in');
        asked.reject(['publickey', 'password']);
      });
    })
    // Scanners and broken lines are the rule on such ports.
    .on('error', (error: Error) => log.debug({ reason: error.message }, 'SFTP connection'))
    .on('close', () => {
      clearTimeout(idle);
      if (admitted) log.debug('SFTP connection ended');
    });
}

/** People may give their address, or the common name. */
const isUser = (given: string, email: string): boolean =>
  given === commonUser || given.toLowerCase() === email.toLowerCase();
