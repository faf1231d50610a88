import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, createServer, type AddressInfo } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { canonicalJson, type JobSpecification } from '@geneward/api';
import { describe, expect, it } from 'vitest';
import { encodeFrame, frameReader, frameType, nextChain } from './party/frame.ts';
import {
  approveAt,
  commitFiles,
  consortium,
  outputOf,
  runAt,
  specification,
  type Institution,
} from './testing/consortium.ts';
import { geneward } from './testing/run.ts';

const grid = [5, 10, 20];
const survival: JobSpecification['analysis'] = { kind: 'survival', time: 't', event: 'e', group: 'g', groups: 2, grid };

/** A small table; each institution has its own. */
const table = (seed: number) =>
  `IID\tt\te\tg\n${Array.from({ length: 12 }, (_, i) => [`p${i}`, ((i * 7 + seed) % 20) + 1, (i + seed) % 3 === 0 ? 0 : 1, i % 2].join('\t')).join('\n')}\n`;

async function ready(change?: Parameters<typeof consortium>[1], names = ['alpha', 'beta', 'gamma']) {
  const places = await consortium(names, change);
  const commitments = await Promise.all(places.map((place, at) => commitFiles(place, { table: table(at) })));
  return { places, job: specification(places, commitments, survival) };
}

async function approved(change?: Parameters<typeof consortium>[1], names?: string[]) {
  const { places, job } = await ready(change, names);
  for (const place of places) approveAt(place, job);
  return { places, job };
}

describe('three party processes over mutual TLS', () => {
  it('compute one result, write receipts that verify, and a changed byte is noticed', async () => {
    const { places } = await approved();
    const ended = await Promise.all(places.map(runAt));
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
    const results = places.map((place) => outputOf(place, 'result.json'));
    expect(new Set(results).size).toBe(1);
    const result = JSON.parse(results[0] ?? '') as { individuals: number; rows: number[][] };
    expect(result.individuals).toBe(36);
    // The independent count: events at each bound in the pooled table.
    const people = [0, 1, 2].flatMap((seed) =>
      table(seed)
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split('\t').map(Number)),
    );
    const events = (group: number, low: number, high: number) =>
      people.filter(([, t = 0, e, g]) => g === group && e === 1 && t > low && t <= high).length;
    for (const [group = 0, time = 0, , count] of result.rows)
      expect(count).toBe(events(group, grid[grid.indexOf(time) - 1] ?? 0, time));
    expect(outputOf(places[0] as Institution, 'report.html')).toContain('<svg');
    const out = join((places[0] as Institution).folder, 'out');
    expect((await geneward(['job', 'verify', out])).code).toBe(0);
    writeFileSync(join(out, 'result.json'), (results[0] ?? '').replace('"individuals":36', '"individuals":37'));
    expect(await geneward(['job', 'verify', out])).toMatchObject({
      code: 3,
      err: expect.stringContaining('bad-receipt') as string,
    });
  });

  it('run nothing that was not approved here, and nothing that their own policy does not allow', async () => {
    const { places, job } = await ready((policy, name) => {
      if (name === 'beta') policy['kinds'] = ['pca'];
      if (name === 'gamma') policy['thresholds'] = { parties: 2, individuals: 100, cell: 0 };
    });
    const [alpha, beta, gamma] = places as [Institution, Institution, Institution];
    writeFileSync(join(alpha.folder, 'job.json'), canonicalJson(job));
    expect((await runAt(alpha)).err).toContain('not-approved');
    expect(() => approveAt(beta, job)).toThrow(expect.objectContaining({ code: 'kind-not-allowed' }));
    expect(() => approveAt(gamma, job)).toThrow(expect.objectContaining({ code: 'threshold-too-low' }));
    const stranger = {
      ...job,
      parties: job.parties.map((party, at) => (at === 1 ? { ...party, fingerprint: 'ab'.repeat(32) } : party)),
    };
    expect(() => approveAt(alpha, stranger)).toThrow(expect.objectContaining({ code: 'partner-not-allowed' }));
  });

  it('read nothing outside the allowed folders', async () => {
    const [alpha] = (await consortium(['alpha', 'beta'])) as [Institution];
    const ended = await geneward(['party', 'commit', `table=${alpha.policy}`, '--policy', alpha.policy]);
    expect(ended.err).toContain('folder-not-allowed');
    expect((await geneward(['party', 'commit', 'table=/etc/../etc/hostname', '--policy', alpha.policy])).err).toContain(
      'folder-not-allowed',
    );
  });

  it('end when an input changed after the commitment, tell phase and code only', async () => {
    const { places } = await approved();
    const [, beta] = places as [Institution, Institution];
    const path = join(beta.folder, 'data', 'input.table');
    const text = readFileSync(path, 'utf8');
    // Of the same length, so that only its hash tells.
    writeFileSync(path, text.replace('p3\t', 'q3\t'));
    const ended = await runAt(beta);
    expect(ended.err).toContain('input-changed');
    expect(JSON.parse(outputOf(beta, 'abort.json'))).toMatchObject({
      code: 'input-changed',
      phase: 'inputs',
      party: 'beta',
    });
    expect(existsSync(join(beta.folder, 'out', 'result.json'))).toBe(false);
  });

  it('end when one party runs another specification than the others approved', async () => {
    const { places, job } = await approved();
    const [, , gamma] = places as [Institution, Institution, Institution];
    approveAt(gamma, { ...job, purpose: 'Something else' });
    const ended = await Promise.all(places.map(runAt));
    expect(ended.map(({ code }) => code)).toEqual([3, 3, 3]);
    expect(ended.map(({ err }) => err).join('')).toContain('other-job');
    for (const place of places) expect(existsSync(join(place.folder, 'out', 'result.json'))).toBe(false);
  });
});

describe('a partner that does not follow the rules', () => {
  /** An impostor with a partner's own certificate, to an honest alpha that listens. */
  async function dial(alpha: Institution, as: Institution, job: JobSpecification) {
    const options = {
      cert: readFileSync(join(as.folder, 'party.crt')),
      key: readFileSync(join(as.folder, 'party.key')),
    };
    const socket = await new Promise<TLSSocket>((resolve) => {
      const attempt = () => {
        const one = connectTls({ ...options, host: '127.0.0.1', port: alpha.port, rejectUnauthorized: false });
        one.once('secureConnect', () => resolve(one));
        one.once('error', () => setTimeout(attempt, 100));
      };
      attempt();
    });
    socket.on('error', () => undefined);
    const hash = createHash('sha256').update(canonicalJson(job)).digest('hex');
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const theirs = new Promise<{ nonce: string }>((resolve) => {
      const read = frameReader(1 << 20, (frame) => {
        if (frame.type === frameType.hello) resolve(JSON.parse(frame.payload.toString()) as { nonce: string });
      });
      socket.on('data', read);
    });
    const nonce = randomBytes(32).toString('hex');
    const send = (type: number, sequence: number, chain: Buffer, payload: Buffer) => {
      for (const part of encodeFrame({ type, sequence, chain, payload })) socket.write(part);
    };
    send(frameType.hello, 0, Buffer.alloc(32), Buffer.from(JSON.stringify({ job: hash, nonce, next: 0 })));
    return { socket, send, closed, theirs, hash, nonce };
  }

  /** A relay that cuts its first connections in the middle of what the dialling side sends. */
  async function lossyRelay(port: number, cuts: readonly number[]) {
    let broken = 0;
    const server = createServer((from) => {
      const to = connect(port, '127.0.0.1');
      // A dial before the other side listens counts for nothing.
      const limit = cuts[broken] ?? Number.POSITIVE_INFINITY;
      let passed = 0;
      from.on('data', (chunk) => {
        passed += chunk.length;
        if (passed <= limit) {
          to.write(chunk);
          return;
        }
        broken += 1;
        to.write(chunk.subarray(0, chunk.length - (passed - limit)), () => to.destroy());
        from.destroy();
      });
      to.on('data', (chunk) => void from.write(chunk));
      for (const [one, other] of [
        [from, to],
        [to, from],
      ] as const)
        one.on('error', () => other.destroy()).on('close', () => other.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { port: (server.address() as AddressInfo).port, broken: () => broken, close: () => server.close() };
  }

  const two = ['alpha', 'beta'];
  const failed = (ended: { code: number | null; err: string }, code: string) => {
    expect(ended.err).toContain(code);
    expect(ended.code).toBe(3);
  };

  it('another’s certificate is not even greeted', async () => {
    const { places, job } = await approved((policy) => (policy['limits'] = { connectSeconds: 3 }), two);
    const [alpha] = places as [Institution, Institution];
    const [stranger] = (await consortium(['beta', 'alpha'])) as [Institution];
    const running = runAt(alpha);
    const line = await dial(alpha, stranger, job);
    await line.closed;
    failed(await running, 'unreachable');
  });

  it('frames of a former session do not continue this one', async () => {
    const { places, job } = await approved(undefined, two);
    const [alpha, beta] = places as [Institution, Institution];
    const running = runAt(alpha);
    const line = await dial(alpha, beta, job);
    await line.theirs;
    // Well formed, with the chain of a session that had another nonce.
    const former = createHash('sha256').update(line.hash).update(randomBytes(64)).digest();
    const payload = Buffer.alloc(40);
    line.send(
      frameType.data,
      0,
      nextChain(createHash('sha256').update(former).update('second').digest(), 0, payload),
      payload,
    );
    failed(await running, 'bad-frame');
  });

  it('ten gigabytes are refused at the length, before they are held', async () => {
    const { places, job } = await approved((policy) => (policy['limits'] = { messageBytes: 1 << 16 }), two);
    const [alpha, beta] = places as [Institution, Institution];
    const running = runAt(alpha);
    const line = await dial(alpha, beta, job);
    await line.theirs;
    const header = Buffer.alloc(45);
    header.writeUInt32BE(0xffff_ffff, 0);
    line.socket.write(header);
    failed(await running, 'too-large');
  });

  it('many messages that nobody asked for end at the limit of the line', async () => {
    const limits = { messageBytes: 1 << 20, linkBytes: 4 << 20, silentSeconds: 20 };
    const { places, job } = await approved((policy) => (policy['limits'] = limits), two);
    const [alpha, beta] = places as [Institution, Institution];
    const running = runAt(alpha);
    const line = await dial(alpha, beta, job);
    const { nonce } = await line.theirs;
    const session = createHash('sha256')
      .update(line.hash)
      .update(nonce + line.nonce)
      .digest();
    let chain: Buffer = createHash('sha256').update(session).update('second').digest();
    // The step of the first addition, right in form, wrong in length: then ever more.
    for (let sequence = 0; sequence < 16 && !line.socket.destroyed; sequence += 1) {
      const payload = Buffer.alloc(1 << 20);
      chain = nextChain(chain, sequence, payload);
      line.send(frameType.data, sequence, chain, payload);
    }
    const ended = await running;
    expect(ended.code).toBe(3);
    expect(ended.err).toMatch(/too-large|bad-frame/);
  });

  it('a partner that sends nothing is waited for only so long', async () => {
    const { places, job } = await approved((policy) => (policy['limits'] = { silentSeconds: 1 }), two);
    const [alpha, beta] = places as [Institution, Institution];
    const running = runAt(alpha);
    const line = await dial(alpha, beta, job);
    await line.theirs;
    failed(await running, 'silent');
    expect(JSON.parse(outputOf(alpha, 'abort.json'))).toMatchObject({ code: 'silent', phase: 'individuals' });
    line.socket.destroy();
  });

  it('a broken connection is resumed within a round', async () => {
    const { places } = await approved(undefined, two);
    const [alpha, beta] = places as [Institution, Institution];
    const breaker = await lossyRelay(alpha.port, [2700, 2900, 3100]);
    const policy = JSON.parse(readFileSync(beta.policy, 'utf8')) as { partners: { port: number }[] };
    for (const partner of policy.partners) partner.port = breaker.port;
    writeFileSync(beta.policy, JSON.stringify(policy));
    const ended = await Promise.all([runAt(alpha), runAt(beta)]);
    breaker.close();
    expect(ended.map(({ code, err }) => (code === 0 ? 0 : err))).toEqual([0, 0]);
    expect(breaker.broken()).toBe(3);
    expect((await geneward(['job', 'verify', join(alpha.folder, 'out')])).code).toBe(0);
  });
});
