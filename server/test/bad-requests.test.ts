import { contract, type ProblemBody, type Route } from '@geneward/api';
import { request, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Server } from '../src/platform/http.ts';
import { person, testServer, type TestPerson } from './builders.ts';
import { testParts, type TestParts } from './parts.ts';
import { reads } from './sheets.ts';
import { callerOf } from './studies.ts';

let parts: TestParts;
let server: Server;
let port: number;
let who: TestPerson;
let submission: string;
let batch: string;
const terms = { source: 'A laboratory', license: 'CC0-1.0' };

beforeAll(async () => {
  parts = await testParts({ http: { uploadIdleSeconds: 1 }, limits: { sheetBytes: 100_000, fileBytes: 1_000_000 } });
  server = await testServer(parts);
  await server.listen({ port: 0, host: '127.0.0.1' });
  port = (server.server.address() as AddressInfo).port;
  who = await person(parts, { roles: ['submitter', 'curator'] });
  const call = callerOf(server);
  submission = (await call(who, 'POST', '/submissions', { title: 'A study' })).body.id;
  batch = (await call(who, 'POST', '/virus/batches', { title: 'A batch', dataset: 'made-up-virus', ...terms })).body.id;
});
afterAll(async () => {
  await server.close();
  await parts.close();
});

const routes: readonly Route[] = Object.values(contract).flatMap((table) => Object.values(table));
const bytesIn = routes.filter((route) => route.bytes?.in !== undefined);
const pathOf = (route: Route) => {
  const ids = { submission, batch, sheet: 'a.tsv', name: 'a.fastq' };
  const path = route.path.replaceAll(/:(submission|batch|sheet|name)/g, (_, name: keyof typeof ids) => ids[name]);
  return `/api/v1${path}${route.path === '/virus/datasets' ? `?${new URLSearchParams(terms).toString()}` : ''}`;
};

/** A person who may use the route, whoever that is. */
async function userOf(route: Route): Promise<TestPerson> {
  return route.caller === 'administer' ? person(parts, { roles: ['system_administrator'] }) : who;
}

/** Begins a request whose body has no declared length; `more` gives the next piece, or nothing to fall silent. */
function endless(route: Route, by: TestPerson, more: (sent: number) => Uint8Array | undefined): Promise<ProblemBody> {
  const path = route.path.startsWith('/api/') ? route.path : pathOf(route);
  const sending = request({ port, method: route.method, path, headers: by.headers });
  return new Promise((resolve, reject) => {
    let sent = 0;
    const push = (): void => {
      const piece = more(sent);
      if (!piece || sending.destroyed) return;
      sent += piece.length;
      sending.write(piece, () => setImmediate(push));
    };
    sending.on('error', reject);
    sending.on('response', (reply: IncomingMessage) => {
      let said = '';
      reply.setEncoding('utf8').on('data', (text: string) => (said += text));
      reply.on('end', () => {
        sending.destroy();
        resolve(JSON.parse(said) as ProblemBody);
      });
    });
    push();
  });
}

async function traces(): Promise<string[]> {
  const keys: string[] = [];
  for (const folder of ['files', 'sheets', 'taxdumps', 'virus'])
    for await (const { key } of parts.blobs.list(folder)) keys.push(key);
  return keys;
}

describe('a body that never ends', () => {
  const resumable = (route: Route) => route.path.startsWith('/uploads');
  /** Needs a sealed job: its own test has one. */
  const ofJob = (route: Route) => route.path.startsWith('/compute/jobs');

  it.each(
    bytesIn
      .filter((route) => !resumable(route) && !ofJob(route))
      .map((route) => [`${route.method} ${route.path}`, route] as const),
  )('on %s is given up when it falls silent', async (_, route) => {
    const by = await userOf(route);
    const answer = await endless(route, by, (sent) => (sent === 0 ? Buffer.from('@r1\nACGT\n') : undefined));
    expect(answer).toMatchObject({ code: 'upload_stalled', status: 408 });
    expect(await traces()).toEqual([]);
  });

  it('on a resumable upload is given up when it falls silent, and what came is kept', async () => {
    const tus = { ...who.headers, 'tus-resumable': '1.0.0' };
    const base = `http://127.0.0.1:${port}`;
    const metadata = `filename ${Buffer.from('silent.bin').toString('base64')}`;
    const made = await fetch(`${base}/api/v1/uploads`, {
      method: 'POST',
      headers: { ...tus, 'upload-length': '1000', 'upload-metadata': metadata },
    });
    expect(made.status).toBe(201);
    const { pathname } = new URL(made.headers.get('location') ?? '', base);
    const patch = { method: 'PATCH', path: pathname } as Route;
    const headers = { ...tus, 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' };
    const answer = await endless(patch, { ...who, headers }, (sent) => (sent === 0 ? Buffer.alloc(100, 7) : undefined));
    expect(answer).toMatchObject({ code: 'upload_stalled', status: 408 });
    const kept = await fetch(`${base}${pathname}`, { method: 'HEAD', headers: tus });
    expect(kept.headers.get('upload-offset')).toBe('100');
    expect((await fetch(`${base}${pathname}`, { method: 'DELETE', headers: tus })).status).toBe(204);
    expect(await traces()).toEqual([]);
  });

  it.each(bytesIn.filter(resumable).map((route) => [`${route.method} ${route.path}`, route] as const))(
    'on %s is refused at once when it does not speak the protocol',
    async (_, route) => {
      const answer = await endless(route, who, (sent) => (sent === 0 ? Buffer.from('@r1\nACGT\n') : undefined));
      expect(['tus_version', 'unsupported_media_type']).toContain(answer.code);
    },
  );

  it.each([
    ['/files/:name', 'file_too_large'],
    ['/submissions/:submission/sheets/:sheet', 'sheet_too_large'],
  ])('on %s is given up at the limit', async (path, code) => {
    const route = bytesIn.find((one) => one.path === path)!;
    const piece = reads('endless', 1, 1000);
    expect(await endless(route, who, () => piece)).toMatchObject({ code, status: 413 });
    expect(await traces()).toEqual([]);
  });
});

describe('a malformed Content-Type', () => {
  const types = [
    '',
    'x',
    '/',
    'application/json;charset="',
    'application/json, text/plain',
    '\u00ff\u00fe',
    'a'.repeat(300),
  ];
  const changing = routes.filter((route) => route.method !== 'GET' && !route.bytes?.in && route.path !== '/session');
  it.each(changing.map((route) => [`${route.method} ${route.path}`, route] as const))(
    'on %s is a coded refusal and never an act',
    async (_, route) => {
      for (const type of types) {
        const reply = await server.inject({
          method: route.method,
          url: pathOf(route).replaceAll(/:\w+/g, 'x'),
          headers: { ...who.headers, 'content-type': type, 'if-match': '"1"', 'accept-language': 'zh' },
          payload: '{"title":"',
        });
        expect(reply.statusCode).toBeGreaterThanOrEqual(400);
        expect(reply.statusCode).toBeLessThan(500);
        expect(reply.json<ProblemBody>().title).toMatch(/\p{Script=Han}/u);
      }
    },
  );

  it.each(types)('%j on a route for bytes changes nothing of the bytes', async (type) => {
    const reply = await server.inject({
      method: 'PUT',
      url: '/api/v1/files/typed.fastq',
      headers: { ...who.headers, 'content-type': type },
      payload: reads('typed', 1),
    });
    const { state, code } = reply.json<{ state?: string; code?: string }>();
    expect(['200 stored', '415 unsupported_media_type']).toContain(`${reply.statusCode} ${state ?? code}`);
  });
});

describe('what stands on the wire', () => {
  /** As a client sends it that does not tidy up its path. */
  const raw = (text: string): Promise<string> =>
    new Promise((done, broken) => {
      let said = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      socket
        .on('data', (chunk) => (said += chunk.toString()))
        .on('close', () => done(said))
        .on('error', broken);
    });

  it.each([
    '/api/v1/files/../../../etc/passwd',
    '/api/v1/files/..%2f..%2fetc%2fpasswd',
    '/api/v1/files/%2e%2e',
    '/api/v1/files/..%5c..%5cboot.ini',
    '/api/v1/files/%00',
    '/api/v1/files/%ff%fe',
    '/api/v1/files/a%0d%0aSet-Cookie:x',
    '/api/v1/submissions/SUBMISSION/sheets/..%2f..%2fpasswd',
    '/api/v1/submissions/SUBMISSION/sheets/%00',
  ])('the path %s is refused with a code, and nothing is written', async (path) => {
    const before = await traces();
    const said = await raw(
      `PUT ${path.replace('SUBMISSION', submission)} HTTP/1.1\r\nhost: x\r\nauthorization: ${who.headers.authorization}\r\n` +
        'content-length: 3\r\nconnection: close\r\n\r\nabc',
    );
    expect(said).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(said).toMatch(/"code":"(?:file_name_refused|invalid_request|not_found|malformed_request)"/);
    expect(said).not.toMatch(/^set-cookie/im);
    expect(await traces()).toEqual(before);
  });

  it.each([
    ['no HTTP at all', 'GARBAGE\r\n\r\n'],
    ['headers without end', `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`],
    [
      'two lengths',
      'POST /api/v1/submissions HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
  ])('%s is refused with a code', async (_, text) => {
    const said = await raw(text);
    expect(said).toMatch(/^HTTP\/1\.1 400 /);
    expect(said).toContain('"code":"malformed_request"');
  });
});

describe('a token that ends in the middle of an upload', () => {
  it.each<[string, (by: TestPerson) => Promise<unknown>]>([
    ['expires', async () => (parts.clock.at = new Date(Date.now() + 2 * 3_600_000))],
    [
      'is revoked',
      async (by) =>
        server.inject({ method: 'DELETE', url: `/api/v1/me/tokens/${by.principal.via.id}`, headers: by.headers }),
    ],
  ])('because it %s: the upload is refused and leaves nothing', async (_, ends) => {
    const by = await person(parts, { tokenExpiresAt: new Date(Date.now() + 3_600_000) });
    const before = await traces();
    const sending = request({ port, method: 'PUT', path: '/api/v1/files/late.fastq', headers: by.headers });
    const answer = new Promise<string>((done, broken) => {
      sending.on('error', broken);
      sending.on('response', (reply: IncomingMessage) => {
        let said = '';
        reply.setEncoding('utf8').on('data', (text: string) => (said += text));
        reply.on('end', () => done(said));
      });
    });
    sending.write(reads('late', 1));
    const underWay = () =>
      parts.pool.db.selectFrom('file').select('id').where('state', '=', 'receiving').executeTakeFirst();
    while (!(await underWay()));
    await ends(by);
    sending.end(reads('later', 1));
    expect(JSON.parse(await answer)).toMatchObject({ code: 'unauthenticated', status: 401 });
    parts.clock.at = undefined;
    expect(await traces()).toEqual(before);
  });
});
