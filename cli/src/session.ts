import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createClient, type Client } from '@geneward/api';
import { exit, Stop } from './exit.ts';
import type { Output } from './output.ts';

/** Which installation, and as whom. */
export interface Session {
  readonly server: string;
  readonly token?: string;
  /** Id of a token that `login` had issued, so that `logout` can revoke it. */
  readonly tokenId?: string;
}

/** Directory of the command line's own settings: `GENEWARD_HOME`, else the XDG one. */
function settingsFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env['GENEWARD_HOME'] ?? join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'geneward');
}

const file = () => join(settingsFolder(), 'session.json');

/** The session in force: environment first, then what `login` kept. Throws {@link Stop} when no server is known. */
export function readSession(output: Output, server?: string): Session {
  const kept = existsSync(file()) ? (JSON.parse(readFileSync(file(), 'utf8')) as Session) : undefined;
  const address = server ?? process.env['GENEWARD_URL'] ?? kept?.server;
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
  return kept?.server === address ? kept : { server: address };
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
