import { Agent as PlainAgent, request as requestPlain, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as SecureAgent, request as requestSecure } from 'node:https';
import { addressOf, ApiProblem, type ProblemBody, type Route } from '@geneward/api';
import { spent } from '@geneward/crypt4gh';

/** What goes over the wire in one exchange. */
interface Exchange {
  readonly params?: object;
  readonly query?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal;
}

/** Kept connections to one installation, for bodies that `fetch` would copy about: uploads and downloads. */
export interface Wire {
  /** The raw reply of a success. Throws {@link ApiProblem} for a refusal and what `fetch` throws when the line breaks. */
  readonly send: (route: Route, exchange: Exchange) => Promise<IncomingMessage>;
  readonly close: () => void;
}

/** A line on which nothing moves for this long is given up. */
const silence = 120_000;

export function openWire(options: {
  readonly server: string;
  readonly language: string;
  readonly token: () => Promise<string | undefined>;
}): Wire {
  const agents = { plain: new PlainAgent({ keepAlive: true }), secure: new SecureAgent({ keepAlive: true }) };
  return {
    async send(route, { params = {}, query = {}, headers = {}, body, signal }) {
      const url = new URL(addressOf(options.server, route, params, query));
      const token = await options.token();
      const given = {
        method: route.method,
        headers: {
          'accept-language': options.language,
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(signal && { signal }),
      };
      const reply = await new Promise<IncomingMessage>((resolve, reject) => {
        const going =
          url.protocol === 'https:'
            ? requestSecure(url, { ...given, agent: agents.secure })
            : requestPlain(url, { ...given, agent: agents.plain });
        going.setTimeout(silence, () => going.destroy(new Error(`no byte for ${silence / 1000} s`)));
        going.once('response', resolve);
        // The parser has copied by then what came off the wire.
        going.once('socket', (socket) => {
          socket.on('data', spent);
          going.once('close', () => socket.off('data', spent));
        });
        going.on('error', (cause) => reject(broken('fetch failed', cause)));
        if (!body) {
          going.end();
          return;
        }
        pump(going, body).catch((cause: unknown) => {
          going.destroy(cause instanceof Error ? cause : new Error(String(cause)));
        });
      });
      if ((reply.statusCode ?? 500) < 400) return reply;
      const problem = await problemOf(reply);
      reply.destroy();
      throw problem;
    },
    close() {
      agents.plain.destroy();
      agents.secure.destroy();
    },
  };
}

/**
 * Writes a body, whose chunks are its own, and gives the memory of each back as soon as it is on its way. An answer that comes before
 * the last byte is a refusal: what is left is not sent.
 */
async function pump(going: ClientRequest, body: AsyncIterable<Uint8Array>): Promise<void> {
  let wake: () => void = () => undefined;
  going.once('close', () => wake());
  for await (const chunk of body) {
    if (going.closed) return;
    await new Promise<void>((resolve, reject) => {
      wake = resolve;
      going.write(chunk, (error) => (error ? reject(error) : resolve()));
    });
    if (going.closed) return;
    spent(chunk);
  }
  going.end();
}

const broken = (message: string, cause: unknown) => new TypeError(message, { cause });

/** The bytes of a reply; a line that breaks throws what a broken `fetch` throws. */
export async function* bytesOf(reply: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of reply as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    throw broken('terminated', error);
  }
}

/** Reads a whole short reply. */
export async function textOf(reply: IncomingMessage): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of bytesOf(reply)) parts.push(chunk);
  return Buffer.concat(parts).toString('utf8');
}

async function problemOf(reply: IncomingMessage): Promise<ApiProblem> {
  const status = reply.statusCode ?? 500;
  const text = await textOf(reply).catch(() => '');
  try {
    const body = JSON.parse(text) as ProblemBody;
    if (typeof body.code === 'string') return new ApiProblem(body);
  } catch {
    // A proxy on the way answers in its own words.
  }
  return new ApiProblem({ type: 'about:blank', title: reply.statusMessage ?? 'No answer', status, code: 'internal' });
}
