import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The transit engine of OpenBao and HashiCorp Vault as far as we use it: versions, batches, policies, and how it fails. */
export interface Transit {
  readonly url: string;
  /** Tokens that are let in. */
  readonly tokens: Set<string>;
  /** Answers of the next requests instead of the real ones: a status, or silence. */
  readonly faults: (number | 'silence')[];
  /** What was asked for: method and path. */
  readonly asked: string[];
  /** A sealed service answers 503 to everything. */
  sealed: boolean;
  /** Least version that still decrypts. */
  minDecryption: number;
  stop(): Promise<void>;
}

interface Item {
  readonly plaintext?: string;
  readonly ciphertext?: string;
}

class Refused extends Error {
  readonly status: number;
  constructor(status: number, ...errors: readonly string[]) {
    super(errors.join('\n'));
    this.status = status;
  }
}

export async function startTransit(options: { mount?: string; namespace?: string } = {}): Promise<Transit> {
  const mount = options.mount ?? 'transit';
  const rings = new Map<string, Buffer[]>();
  const ring = (name: string): Buffer[] => {
    const found = rings.get(name);
    if (!found) throw new Refused(400, 'encryption key not found');
    return found;
  };
  const seal = (name: string, plain: Buffer): string => {
    const versions = ring(name);
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', versions.at(-1) ?? Buffer.alloc(32), iv);
    const bytes = Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    return `vault:v${versions.length}:${bytes.toString('base64')}`;
  };
  const unseal = (name: string, text: string): Buffer => {
    const [, number = '', base64 = ''] = /^vault:v(\d+):(.+)$/.exec(text) ?? [];
    const version = Number(number);
    if (version === 0) throw new Error('invalid ciphertext: no prefix');
    if (version < self.minDecryption)
      throw new Error('ciphertext or signature version is disallowed by policy (too old)');
    const key = ring(name)[version - 1];
    if (!key) throw new Error('invalid ciphertext: version is too new');
    const bytes = Buffer.from(base64, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(-16));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
    } catch {
      throw new Error('invalid ciphertext: unable to decrypt');
    }
  };
  const verbs: Readonly<Record<string, (name: string, item: Item) => object>> = {
    encrypt: (name, { plaintext = '' }) => ({
      ciphertext: seal(name, Buffer.from(plaintext, 'base64')),
      key_version: ring(name).length,
    }),
    decrypt: (name, { ciphertext = '' }) => ({ plaintext: unseal(name, ciphertext).toString('base64') }),
    rewrap: (name, { ciphertext = '' }) => ({
      ciphertext: seal(name, unseal(name, ciphertext)),
      key_version: ring(name).length,
    }),
  };
  const answer = (method: string, path: string, body: { batch_input?: Item[] }): { status: number; body?: object } => {
    const [, verb = '', name = '', rest] = /^([a-z]+)\/([^/]+)(?:\/(.+))?$/.exec(path) ?? [];
    if (verb === 'keys' && method === 'GET') {
      const versions = rings.get(name);
      if (!versions) throw new Refused(404);
      const keys = Object.fromEntries(versions.map((_, nth) => [nth + 1, 1_764_000_000]));
      return {
        status: 200,
        body: {
          data: {
            name,
            type: 'aes256-gcm96',
            keys,
            latest_version: versions.length,
            min_decryption_version: self.minDecryption,
            supports_encryption: true,
          },
        },
      };
    }
    if (verb === 'keys' && method === 'POST') {
      if (rest === 'rotate') ring(name).push(randomBytes(32));
      else if (!rings.has(name)) rings.set(name, [randomBytes(32)]);
      return { status: 204 };
    }
    const work = verbs[verb];
    if (!work || method !== 'POST') throw new Refused(404, 'no handler for route');
    const items = body.batch_input ?? [];
    if (items.length === 0) throw new Refused(400, 'missing batch input to process');
    ring(name);
    const results = items.map((item) => {
      try {
        return work(name, item);
      } catch (error) {
        return { error: error instanceof Error ? error.message : String(error) };
      }
    });
    return { status: results.some((one) => 'error' in one) ? 400 : 200, body: { data: { batch_results: results } } };
  };
  const judge = (request: IncomingMessage): string => {
    if (self.sealed) throw new Refused(503, 'Vault is sealed');
    const { 'x-vault-token': token, 'x-vault-namespace': namespace } = request.headers;
    if (typeof token !== 'string' || !self.tokens.has(token)) throw new Refused(403, 'permission denied');
    const start = `/v1/${mount}/`;
    if (namespace !== options.namespace || !request.url?.startsWith(start))
      throw new Refused(404, 'no handler for route');
    return request.url.slice(start.length);
  };
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    self.asked.push(`${request.method} ${request.url}`);
    const fault = self.faults.shift();
    if (fault === 'silence') return;
    response.setHeader('content-type', 'application/json');
    if (fault !== undefined) {
      response.writeHead(fault).end(JSON.stringify({ errors: ['internal error'] }));
      return;
    }
    try {
      const text = Buffer.concat(pieces).toString();
      const result = answer(request.method ?? '', judge(request), text === '' ? {} : (JSON.parse(text) as object));
      response.writeHead(result.status).end(result.body ? JSON.stringify(result.body) : undefined);
    } catch (error) {
      const status = error instanceof Refused ? error.status : 500;
      const errors = error instanceof Error && error.message !== '' ? error.message.split('\n') : [];
      response.writeHead(status).end(JSON.stringify({ errors }));
    }
  };
  const server = createServer((request, response) => void respond(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const self: Transit = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tokens: new Set(),
    faults: [],
    asked: [],
    sealed: false,
    minDecryption: 1,
    stop: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
  return self;
}
