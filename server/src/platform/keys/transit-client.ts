import { readFileSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { KeyProblem } from './suite.ts';

/** Where the service is and how we prove to it who we are. */
export interface TransitOptions {
  /** Address of the service, without `/v1`. */
  readonly url: string;
  /** Where its transit engine is mounted. */
  readonly mount: string;
  readonly key: string;
  /** File with the token, which an agent of the service keeps fresh. */
  readonly tokenFile: string;
  readonly namespace?: string | undefined;
  readonly timeoutSeconds: number;
}

/** An answer that is not a passing fault: what it says is for the caller to judge. */
export interface TransitAnswer {
  readonly status: number;
  readonly data: unknown;
  readonly errors: readonly string[];
}

/** A request is sent so often; pauses double from the first one. */
const tries = 4;
const firstPause = 100;
const longestPause = 2000;
/** What a service answers that is starting, sealed, overloaded, or behind its leader (412, replication). */
const passing: ReadonlySet<number> = new Set([408, 412, 425, 429, 472, 473, 500, 502, 503, 504]);

const envelope = z.looseObject({ data: z.unknown().optional(), errors: z.array(z.string()).optional() });

/**
 * Speaks the HTTP API of OpenBao and HashiCorp Vault. Tries passing faults again within their time-outs.
 * Throws KeyProblem `keys_away` when the service cannot be reached and `keys_refused` when it does not let us.
 */
export function transitClient(options: TransitOptions) {
  const token = tokenOf(options.tokenFile);
  const base = `${options.url.replace(/\/+$/, '')}/v1/${options.mount.replace(/^\/+|\/+$/g, '')}`;
  const send = (method: 'GET' | 'POST', path: string, body: object | undefined) =>
    fetch(`${base}/${path}`, {
      method,
      headers: {
        'x-vault-token': token.read(),
        'x-vault-request': 'true',
        ...(options.namespace && { 'x-vault-namespace': options.namespace }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(options.timeoutSeconds * 1000),
    });
  return async function ask(method: 'GET' | 'POST', path: string, body?: object): Promise<TransitAnswer> {
    let fault = '';
    let renewed = false;
    for (let nth = 0; nth < tries; nth += 1) {
      let wait = Math.min(longestPause, firstPause * 2 ** nth);
      try {
        const response = await send(method, path, body);
        const text = await response.text();
        const answer = read(response.status, text);
        if (response.status === 403) {
          if (!renewed && token.changed()) {
            renewed = true;
            continue;
          }
          throw refused(options, answer.errors);
        }
        if (!passing.has(response.status)) return answer;
        fault = `${response.status} ${answer.errors.join('; ')}`.trim();
        const asked = Number(response.headers.get('retry-after'));
        if (asked > 0) wait = Math.min(longestPause, asked * 1000);
      } catch (error) {
        if (error instanceof KeyProblem) throw error;
        fault = reasonOf(error);
      }
      if (nth < tries - 1) await pause(wait * (0.5 + Math.random() / 2));
    }
    throw new KeyProblem(
      'keys_away',
      `The key service at ${options.url} does not answer (${fault}). Objects can be neither read nor written until it does. 密钥服务无响应，恢复前无法读写对象。`,
    );
  };
}

function read(status: number, text: string): TransitAnswer {
  if (text === '') return { status, data: undefined, errors: [] };
  try {
    const { data, errors = [] } = envelope.parse(JSON.parse(text));
    return { status, data, errors };
  } catch {
    return { status, data: undefined, errors: ['the answer is not JSON'] };
  }
}

function refused({ url, mount, key }: TransitOptions, errors: readonly string[]): KeyProblem {
  return new KeyProblem(
    'keys_refused',
    `The key service at ${url} refuses our token (${errors.join('; ') || '403'}). Its policy must allow update on ${mount}/encrypt/${key}, ${mount}/decrypt/${key}, ${mount}/rewrap/${key} and read on ${mount}/keys/${key}. 密钥服务拒绝了令牌，请检查其策略。`,
  );
}

/** The token of a file: read again whenever the file has changed. */
function tokenOf(path: string) {
  let seen = -1;
  let token = '';
  const changed = (): boolean => statSync(path).mtimeMs !== seen;
  return {
    changed,
    read(): string {
      try {
        if (!changed()) return token;
        seen = statSync(path).mtimeMs;
        token = readFileSync(path, 'utf8').trim();
      } catch (cause) {
        throw new KeyProblem('keys_refused', `The token file ${path} cannot be read. 无法读取令牌文件。`, { cause });
      }
      if (/^[\x21-\x7e]+$/.test(token)) return token;
      throw new KeyProblem('keys_refused', `${path} does not hold a token. 令牌文件内容无效。`);
    },
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer in time';
  return error.cause instanceof Error ? error.cause.message : error.message;
}
