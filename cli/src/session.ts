import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ApiProblem, createClient, identityRoutes, type Client } from '@geneward/api';
import { exit, Stop } from './exit.ts';
import type { Output } from './output.ts';

/** Which installation, and as whom. */
export interface Session {
  readonly server: string;
  readonly token?: string;
  /** Id of a token that `login` had issued, so that `logout` can revoke it. */
  readonly tokenId?: string;
  /** When that token ends, so that it is renewed before. */
  readonly expiresAt?: string;
}

/** Directory of the command line's own settings: `GENEWARD_HOME`, else the XDG one. */
export function settingsFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env['GENEWARD_HOME'] ?? join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'geneward');
}

const file = () => join(settingsFolder(), 'session.json');
const kept = () => (existsSync(file()) ? (JSON.parse(readFileSync(file(), 'utf8')) as Session) : undefined);

/** The session in force: environment first, then what `login` kept. Throws {@link Stop} when no server is known. */
export function readSession(output: Output, server?: string): Session {
  const session = kept();
  const address = server ?? process.env['GENEWARD_URL'] ?? session?.server;
  if (!address) {
    throw new Stop(
      exit.refused,
      output.pick({
        en: 'No server is known. Run "geneward login <address>", or set GENEWARD_URL.',
        zh: '尚未指定服务器。请运行 “geneward login <地址>”，或设置 GENEWARD_URL。',
      }),
    );
  }
  // A token is for the server that issued it and goes nowhere else.
  if (process.env['GENEWARD_TOKEN']) return { server: address, token: process.env['GENEWARD_TOKEN'] };
  return session?.server === address ? session : { server: address };
}

/** Keeps a session readable by its owner only. */
export function keepSession(session: Session): void {
  mkdirSync(settingsFolder(), { recursive: true, mode: 0o700 });
  const partial = `${file()}.partial`;
  writeFileSync(partial, JSON.stringify(session), { mode: 0o600 });
  chmodSync(partial, 0o600);
  renameSync(partial, file());
}

export function forgetSession(): void {
  rmSync(file(), { force: true });
}

/** A client as the signed-in person, or as nobody for what is public. */
export function clientOf(session: Session, output: Output): Client {
  return createClient({
    baseUrl: session.server,
    language: output.language,
    ...(session.token && { token: session.token }),
  });
}

/** The token of a session for work that lasts longer than it: renewed before it ends, taken anew when somebody signs in again. */
export interface LastingToken {
  readonly current: () => Promise<string | undefined>;
  /** Whether a refusal may be mended because another token is there by now. */
  readonly mend: (error: unknown) => Promise<boolean>;
}

/** A token that `login` had issued is renewed when less than this is left of it. */
const renewBefore = 3 * 86_400_000;
const lookAgain = 60_000;

export function lastingToken(session: Session, output: Output): LastingToken {
  let now = session;
  let looked = 0;
  const renewed = async () => {
    const { server, token, tokenId, expiresAt } = now;
    if (!token || !tokenId || !expiresAt || Date.parse(expiresAt) - Date.now() > renewBefore) return;
    if (Date.now() - looked < lookAgain) return;
    looked = Date.now();
    try {
      const next = await clientOf(now, output).call(identityRoutes.renewToken, {});
      now = { server, token: next.token, tokenId: next.id, expiresAt: next.expiresAt };
      if (kept()?.tokenId === tokenId) keepSession(now);
    } catch {
      // The token is still good; it is tried again in a minute.
    }
  };
  return {
    async current() {
      await renewed();
      return now.token;
    },
    async mend(error) {
      if (!(error instanceof ApiProblem && error.code === 'unauthenticated')) return false;
      const again = kept();
      if (!again?.token || again.server !== now.server || again.token === now.token) return false;
      now = again;
      return true;
    },
  };
}
