import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { canonicalJson, explainJob, type JobSpecification, type JobView } from '@geneward/api';

const hashOf = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');
const person = randomUUID();
const at = '2026-01-01T00:00:00.000Z';

/** A platform with one started job, faithful to the contract as far as a party process needs it; it may lie. */
export interface FakePlatform {
  readonly address: string;
  readonly job: string;
  /** What was sent to it, in order. */
  readonly calls: readonly { readonly method: string; readonly path: string; readonly body: unknown }[];
  /** Requests in this number are answered with 503 from now on. */
  refuse(count: number): void;
  close(): Promise<void>;
}

/** @param lie changes what it shows of the job */
export async function fakePlatform(
  specification: JobSpecification,
  lie: (view: JobView) => JobView = (view) => view,
): Promise<FakePlatform> {
  const job = randomUUID();
  const calls: { method: string; path: string; body: unknown }[] = [];
  let refusing = 0;
  const learns = explainJob(specification);
  const view: JobView = lie({
    id: job,
    sha256: hashOf(specification),
    kind: specification.analysis.kind,
    purpose: specification.purpose,
    state: 'started',
    openedAt: at,
    expiresAt: at,
    learns,
    learnsSha256: hashOf(learns),
    specification,
    parties: specification.parties.map(({ name, fingerprint, commitment }) => ({
      name,
      fingerprint,
      commitment,
      organisation: randomUUID(),
      approval: { person, at, learnsSha256: hashOf(learns) },
    })),
    openedBy: { organisation: person, person },
  });
  const server = createServer((request, reply) => {
    const { pathname } = new URL(request.url ?? '/', 'http://fake');
    const path = pathname.replace('/api/v1', '').replace(job, ':job');
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const text = Buffer.concat(pieces).toString();
      const method = request.method ?? '';
      const json = (body: unknown, status = 200) =>
        reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      if (method !== 'GET' && refusing > 0) {
        refusing -= 1;
        json({ type: 'about:blank', title: 'Stopping', status: 503, code: 'stopping' }, 503);
        return;
      }
      if (method !== 'GET') calls.push({ method, path, body: text === '' ? undefined : JSON.parse(text) });
      if (path === '/compute/jobs') json({ items: [{ ...view, parties: view.parties.map(({ name }) => name) }] });
      else if (path.endsWith('/progress')) reply.writeHead(204).end();
      else json(view);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    job,
    calls,
    refuse: (count) => (refusing = count),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
