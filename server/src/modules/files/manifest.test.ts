import * as node from 'node:crypto';
import { createHash, randomBytes } from 'node:crypto';
import { get as httpGet, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decrypt, nodeCrypto, openManifest, verifyRange, verifySegments } from '@geneward/crypt4gh';
import { openLabel } from '@geneward/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSite, type Person, type Site } from './files-under-test.ts';
import { claimFiles } from './index.ts';
import { transaction } from '../../platform/db.ts';

const crypto = nodeCrypto(node);
const bytes = randomBytes(5 * 65_536 + 100);
const large = randomBytes(24 * 1024 * 1024);
let site: Site;
let owner: Person;
let id: string;
let released = true;

beforeAll(async () => {
  site = await openSite({
    ports: {
      holder: async (_db, claim) => ({
        kind: 'object',
        id: claim.id,
        status: released ? 'released' : 'held',
        manner: 'public',
        label: openLabel,
        organisation: owner.organisation,
      }),
    },
  });
  owner = site.person();
  id = (await site.upload(owner, 'any.bin', bytes)).body.id;
  await site.server.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => site.close());

const get = (path: string, headers: Record<string, string> = {}) =>
  site.server.inject({ url: `/api/v1/files/${path}`, headers: { 'x-person': owner.id, ...headers } });

async function leavesOf(from: number, to: number) {
  const { leaves, proof, ...rest } = (await get(`${id}/leaves?from=${from}&to=${to}`)).json<{
    from: number;
    leaves: string;
    proof: string;
  }>();
  return { ...rest, leaves: Buffer.from(leaves, 'base64'), proof: Buffer.from(proof, 'base64') };
}

async function manifest() {
  const key = (await get('manifest-key')).json<{ name: string; publicKey: string }>();
  const note = (await get(`${id}/manifest`)).body;
  return openManifest(crypto, note, [{ name: key.name, publicKey: Buffer.from(key.publicKey, 'base64') }]);
}

it('gives a manifest that verifies every segment of a download, and a range alone', async () => {
  const signed = await manifest();
  expect(signed).toMatchObject({
    file: id,
    plainSize: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
  const whole: Uint8Array[] = [];
  const verified = verifySegments(crypto, signed, [(await get(`${id}/content`)).rawPayload], leavesOf, {
    digests: ['sha256', 'md5'],
  });
  for await (const chunk of verified) whole.push(Uint8Array.from(chunk));
  expect(Buffer.concat(whole).equals(bytes)).toBe(true);
  const range = (await get(`${id}/content`, { range: `bytes=${2 * 65_536}-${4 * 65_536 - 1}` })).rawPayload;
  verifyRange(crypto, signed, await leavesOf(2, 4), range);
  const bad = Buffer.from(range);
  bad[70_000] = (bad[70_000] ?? 0) ^ 1;
  const proof = await leavesOf(2, 4);
  expect(() => verifyRange(crypto, signed, proof, bad)).toThrow('Segment 3');
  expect((await get(`${id}/leaves?from=6&to=9`)).json()).toMatchObject({ code: 'range_not_satisfiable' });
});

it('sends a file as Crypt4GH for a recipient, in ranges that fit together under one ETag', async () => {
  const mine = crypto.secretKey(randomBytes(32));
  const path = `${id}/encrypted?recipient=${Buffer.from(mine.publicKey).toString('base64url')}`;
  const whole = await get(path);
  expect(whole.statusCode).toBe(200);
  const read = async (file: Uint8Array, key = mine) => {
    const out: Uint8Array[] = [];
    for await (const chunk of decrypt(crypto, [file], { keys: [key] })) out.push(Uint8Array.from(chunk));
    return Buffer.concat(out);
  };
  expect((await read(whole.rawPayload)).equals(bytes)).toBe(true);
  await expect(read(whole.rawPayload, crypto.secretKey(randomBytes(32)))).rejects.toMatchObject({
    code: 'no_key_fits',
  });
  const size = whole.rawPayload.length;
  const etag = String(whole.headers.etag);
  const pieces: Buffer[] = [];
  for (const [from, to] of [
    [0, 50],
    [50, 200],
    [200, 70_000],
    [70_000, size],
  ] as const) {
    const reply = await get(path, { range: `bytes=${from}-${to - 1}`, 'if-range': etag });
    expect([reply.statusCode, reply.headers.etag]).toEqual([206, etag]);
    pieces.push(reply.rawPayload);
  }
  expect(Buffer.concat(pieces).equals(whole.rawPayload)).toBe(true);
  const other = await get(
    `${id}/encrypted?recipient=${Buffer.from(crypto.secretKey(randomBytes(32)).publicKey).toString('base64url')}`,
  );
  expect(other.headers.etag).not.toBe(etag);
  expect((await get(`${id}/encrypted?recipient=${'A'.repeat(43)}`)).json()).toMatchObject({
    code: 'recipient_refused',
  });
  expect(
    (await site.events('files.downloaded')).some(
      (event) => event.content['recipient'] === Buffer.from(mine.publicKey).toString('hex'),
    ),
  ).toBe(true);
});

it('cuts a download whose right ended on the way, and tells of it', async () => {
  const file = (await site.upload(owner, 'large.bin', large)).body;
  await transaction(site.parts.pool.db, (tx) =>
    claimFiles(tx, site.job(), { kind: 'object', id: 'x' }, [file.id], openLabel),
  );
  const reader = site.person();
  const { port } = site.server.server.address() as AddressInfo;
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    httpGet({ port, path: `/api/v1/files/${file.id}/content`, headers: { 'x-person': reader.id } }, resolve).on(
      'error',
      reject,
    );
  });
  expect(reply.statusCode).toBe(200);
  let got = 0;
  let revoked = 0;
  const ended = (async () => {
    for await (const chunk of reply) {
      got += (chunk as Buffer).length;
      released = false;
      revoked ||= Date.now();
      await new Promise((done) => setTimeout(done, 5));
    }
  })();
  await expect(ended).rejects.toThrow('aborted');
  released = true;
  expect(got).toBeLessThan(large.length);
  const [stopped] = await site.events('files.download_stopped');
  expect(stopped).toMatchObject({ object_id: file.id, outcome: 'refused' });
  const { rows } = await sql<{ at: Date }>`select at from audit_event where type = 'files.download_stopped'`.execute(
    site.parts.pool.db,
  );
  expect((rows[0]?.at.getTime() ?? Infinity) - revoked).toBeLessThan(1000);
});
