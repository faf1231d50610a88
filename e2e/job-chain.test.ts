import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson } from '@geneward/api';
import { signTransaction, type Act } from '@geneward/chain';
import { formatActEntry, formatReceipt, parseActEntry, toBase64, utf8 } from '@geneward/merkle';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { plinkFiles, madeCohort } from '../cli/src/testing/cohort.ts';
import {
  approveAt,
  commitFiles,
  consortium,
  outputOf,
  runAt,
  specification,
  type Institution,
} from '../cli/src/testing/consortium.ts';
import { geneward } from '../cli/src/testing/run.ts';
import type { Network } from '../deploy/consortium/network.ts';
import { sampleLog, seedOf, type SampleLog } from '../libs/chain/src/test/sample-log.ts';
import { members, trialNetwork } from './chain/trial.ts';

const parties = ['north', 'south', 'east'];
const chainId = 'job-chain';

const folder = mkdtempSync(join(tmpdir(), 'geneward-job-chain-'));
let network: Network;
let places: Institution[];
let commitments: string[];

/** An entry of a log as the platform makes it. */
const entry = (n: bigint): string =>
  new TextDecoder().decode(
    formatActEntry({
      module: 'compute',
      sequence: n + 1n,
      act: n + 1n,
      type: 'compute.proposed',
      time: '2026-11-01T00:00:00.000Z',
      commitment: seedOf(`entry ${n}`),
    }),
  );
const logs = new Map<string, SampleLog>(parties.map((name) => [name, sampleLog(`${name}.example/log`, entry)]));

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition().catch(() => false))) await new Promise((done) => setTimeout(done, 100));
}

const nodeOf = (name: string) => network.nodes[members.indexOf(name)] ?? network.nodes[0];
const clientOf = (name: string) => {
  const node = nodeOf(name);
  if (!node) throw new Error('no node');
  return node.client;
};

/** What an institution's own platform does with its log, long before any job. */
async function handIn(name: string, log: SampleLog): Promise<void> {
  const client = clientOf(name);
  const acts: Act[] = [
    { type: 'RegisterLog', key: log.key },
    { type: 'SubmitCheckpoint', note: await log.note(5n), proof: [] },
  ];
  for (const [nonce, act] of acts.entries()) {
    const answer = await client.submit(
      signTransaction({ chainId, member: name, nonce: BigInt(nonce), act }, seedOf(name)),
    );
    if (!answer.pending) throw new Error(answer.message);
    await until(async () => (await client.ordered(answer.hash)) !== undefined);
  }
}

beforeAll(async () => {
  network = await trialNetwork(folder, chainId);
  await Promise.all(network.nodes.map((node) => node.start()));
  await until(async () => (await clientOf('north').height()) >= 2n);
  await Promise.all([...logs].map(([name, log]) => handIn(name, log)));
  places = await consortium(parties, (policy, name) => {
    policy['chain'] = { node: nodeOf(name)?.rpc, id: chainId, member: name, key: 'member.key' };
  });
  for (const { name, folder: own } of places) {
    writeFileSync(join(own, 'member.key'), `${toBase64(seedOf(name))}\n`);
    const log = logs.get(name);
    if (!log) continue;
    const receipt = {
      entry: parseActEntry(utf8(entry(2n))),
      index: 2n,
      hashes: await log.inclusion(2n, 5n),
      checkpoint: await log.note(5n),
    };
    writeFileSync(join(own, 'receipt'), formatReceipt(receipt));
  }
  commitments = await Promise.all(
    places.map((place, at) => commitFiles(place, plinkFiles(madeCohort(20, 30, at + 1), `p${at}-`))),
  );
}, 300_000);
afterAll(async () => {
  await network.stop();
  rmSync(folder, { recursive: true, force: true });
});

const chain = (place: Institution, verb: string, what: string, ...more: string[]) =>
  geneward(['--json', 'job', 'chain', verb, what, '--policy', place.policy, ...more]);
const fileOf = (place: Institution) => join(place.folder, 'job.json');

async function opened(purpose: string, references: string[]) {
  const job = specification(
    places,
    commitments,
    { kind: 'case-control', status: 'fam' },
    { purpose, references, nonce: Buffer.from(seedOf(purpose)).toString('hex') },
  );
  for (const place of places) writeFileSync(fileOf(place), canonicalJson(job));
  const [first = places[0] as Institution] = places;
  expect(await chain(first, 'open', fileOf(first))).toMatchObject({ code: 0 });
  return { job, first };
}

it('runs a job only when every party has approved it on the chain with its own key and it was started there, and seals it', async () => {
  const { job, first } = await opened('A study on the chain', ['CONSENT-1']);
  // Nobody approves on the chain what no person has approved at that party.
  const early = await chain(first, 'approve', fileOf(first), '--receipt', join(first.folder, 'receipt'));
  expect([early.code === 0, early.err]).toEqual([false, expect.stringContaining('not-approved')]);
  for (const place of places) approveAt(place, job);
  // A job with references is tied to an entry of the institution's own log.
  const bare = await chain(first, 'approve', fileOf(first));
  expect(bare.err).toContain('chain-refused');
  for (const place of places.slice(0, 2)) {
    const answer = await chain(place, 'approve', fileOf(place), '--receipt', join(place.folder, 'receipt'));
    expect(answer.err).toBe('');
  }
  // One is missing: the chain does not start, and a party does not run.
  const soon = await chain(first, 'start', fileOf(first));
  expect(soon.err).toContain('not_approved');
  const refused = await runAt(first);
  expect(refused.err).toContain('not-started-on-chain');
  // A receipt of another's log is none.
  const third = places[2] as Institution;
  const foreign = await chain(third, 'approve', fileOf(third), '--receipt', join(first.folder, 'receipt'));
  expect(foreign.err).toContain('not_owner');
  expect(await chain(third, 'approve', fileOf(third), '--receipt', join(third.folder, 'receipt'))).toMatchObject({
    code: 0,
  });
  expect(await chain(third, 'start', fileOf(third))).toMatchObject({ code: 0 });
  const ended = await Promise.all(places.map(runAt));
  expect(ended.map(({ err, code }) => (code === 0 ? '' : err))).toEqual(['', '', '']);
  for (const place of places)
    expect(await chain(place, 'seal', join(place.folder, 'out'))).toMatchObject({ code: 0, err: '' });
  const shown = JSON.parse((await chain(first, 'show', fileOf(first))).out) as {
    state: string;
    plan: string;
    parties: { sealed: string }[];
  };
  expect(shown.state).toBe('sealed');
  const receipt = JSON.parse(outputOf(first, 'receipt.json')) as {
    statements: { statement: { job: string; result: string } }[];
  };
  const [{ statement } = { statement: { job: '', result: '' } }] = receipt.statements;
  expect(shown.plan).toBe(statement.job);
  expect(new Set(shown.parties.map(({ sealed }) => sealed))).toEqual(new Set([statement.result]));
  // What is sealed is over: the same approvals run nothing again.
  expect((await runAt(first)).err).toContain('not-started-on-chain');
});

it('starts no job under a consent that one party froze after all had approved', async () => {
  const { job, first } = await opened('A study whose consent is taken back', ['CONSENT-2']);
  for (const place of places) approveAt(place, job);
  for (const place of places)
    expect(await chain(place, 'approve', fileOf(place), '--receipt', join(place.folder, 'receipt'))).toMatchObject({
      code: 0,
    });
  const second = places[1] as Institution;
  expect(await chain(second, 'freeze', 'CONSENT-2')).toMatchObject({ code: 0 });
  const start = await chain(first, 'start', fileOf(first));
  expect(start.err).toContain('consent_frozen');
  expect((await runAt(first)).err).toContain('not-started-on-chain');
  // The consent stays unknown to who reads the chain: it is salted at the party.
  expect(readFileSync(join(second.folder, 'records', 'consents.salt')).length).toBe(32);
});

it('knows another plan, and another set of parties, from those that were approved', async () => {
  const { job, first } = await opened('A study of three', []);
  for (const place of places) approveAt(place, job);
  for (const place of places) expect(await chain(place, 'approve', fileOf(place))).toMatchObject({ code: 0 });
  expect(await chain(first, 'start', fileOf(first))).toMatchObject({ code: 0 });
  const other = { ...job, purpose: 'Another purpose' };
  approveAt(first, other);
  expect((await runAt(first)).err).toContain('not-started-on-chain');
});
