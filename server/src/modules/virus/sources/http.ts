import type { Text } from '@geneward/metadata';
import { sourceRules, VirusProblem } from '@geneward/phylo';

/** Nobody waits longer for the next bytes of a source. */
const patience = 60_000;

/** Why an address may not be fetched from; nothing when it may. Which hosts there are is the operator's word alone. */
export function addressFault(address: string, hosts: string): Text | undefined {
  const url = URL.parse(address);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '')
    return { en: 'not an http(s) address without a login', zh: '不是无登录信息的 http(s) 地址' };
  const allowed = hosts.split(',').map((host) => host.trim().toLowerCase());
  if (allowed.includes(url.host.toLowerCase())) return undefined;
  return { en: `${url.host} is not among the allowed hosts`, zh: `${url.host} 不在允许的主机之列` };
}

export interface Fetched {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Asks an address. A redirect is not followed: it could lead to another host. Throws VirusProblem for what is no answer. */
export async function ask(
  address: string,
  headers: Readonly<Record<string, string>> = {},
  expected: readonly number[] = [200],
): Promise<Fetched> {
  const stop = new AbortController();
  const away = (reason: string): VirusProblem => new VirusProblem(sourceRules.away, { address, reason });
  const limit = () => setTimeout(() => stop.abort(), patience);
  let timer = limit();
  try {
    // What is packed comes packed: ranges and hashes are of the bytes as they lie.
    const given = { 'accept-encoding': 'identity', ...headers };
    const answer = await fetch(address, { headers: given, redirect: 'error', signal: stop.signal });
    if (!expected.includes(answer.status)) throw away(String(answer.status));
    const { body } = answer;
    async function* bytes(): AsyncGenerator<Uint8Array> {
      if (!body) return;
      timer = limit();
      try {
        for await (const chunk of body) {
          clearTimeout(timer);
          yield chunk;
          timer = limit();
        }
      } catch (error) {
        throw away(reasonOf(error));
      } finally {
        clearTimeout(timer);
      }
    }
    clearTimeout(timer);
    return { status: answer.status, headers: answer.headers, body: bytes() };
  } catch (error) {
    clearTimeout(timer);
    throw error instanceof VirusProblem ? error : away(reasonOf(error));
  }
}

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
};

/** A whole text of at most so many bytes. Throws VirusProblem when it is longer. */
export async function textAt(address: string, limit = 512 * 1024 ** 2): Promise<string> {
  const { body } = await ask(address);
  const decoder = new TextDecoder();
  let [text, size] = ['', 0];
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit) throw new VirusProblem(sourceRules.form, { address, reason: `> ${limit} B` });
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
