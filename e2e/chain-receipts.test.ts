import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, ledgerRoutes, submissionRoutes } from '@geneward/api';
import { toBase64 } from '@geneward/merkle';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { geneward } from '../cli/src/testing/run.ts';
import type { Network } from '../deploy/consortium/network.ts';
import { seedOf } from '../libs/chain/src/test/sample-log.ts';
import { bootstrapLinkIn, firstPeople, type Account } from '../scripts/installation.ts';
import { startServer, temporaryData, type RunningServer } from '../scripts/server.ts';
import { writeStudy } from '../scripts/study.ts';
import { wayOf } from '../scripts/submit.ts';
import { cosignerKey, members, trialNetwork } from './chain/trial.ts';

const chainId = 'receipts-chain';
const origin = 'north.example/archive';

let data: string;
let network: Network;
let server: RunningServer;
let token: string;
let accession: string;
let settings: Record<string, string>;

beforeAll(async () => {
  data = temporaryData('chain-receipts');
  const keys = join(data, 'chain-keys');
  mkdirSync(keys, { recursive: true });
  const seedFile = (name: string, seed: string) => {
    writeFileSync(join(keys, name), toBase64(seedOf(seed)));
    return join(keys, name);
  };
  network = await trialNetwork(join(data, 'chain'), chainId);
  await Promise.all(network.nodes.map((node) => node.start()));
  settings = {
    GENEWARD_LEDGER_ORIGIN: origin,
    GENEWARD_LEDGER_CHECKPOINT_SECONDS: '0.5',
    GENEWARD_CHAIN_ID: chainId,
    GENEWARD_CHAIN_NODES: network.nodes.map(({ rpc }) => rpc).join(','),
    GENEWARD_CHAIN_MEMBER: 'north',
    GENEWARD_CHAIN_KEY_FILE: seedFile('north.member', 'north'),
    GENEWARD_CHAIN_SECONDS: '1',
  };
  // The first start makes the log's key, which the policy names.
  const first = await startServer(data, { GENEWARD_LEDGER_ORIGIN: origin });
  const { key } = (await (await fetch(`${first.address}/api/v1/ledger`)).json()) as { key: string };
  const people = await firstPeople(first.address, bootstrapLinkIn(first.output()), 'a long enough passphrase');
  const submitter = await people.invite({ email: 'submitter@example.org', name: '李提交', roles: ['submitter'] });
  const curator = await people.invite({ email: 'curator@example.org', name: '王审核', roles: ['curator'] });
  await first.stop();
  settings['GENEWARD_LEDGER_POLICY'] = policyFile(key);
  server = await startServer(data, settings);
  const study = writeStudy(join(data, 'study'), { name: 'chain', samples: 1, pairs: 20 });
  const clientOf = ({ token }: Account) => createClient({ baseUrl: server.address, token });
  token = submitter.token;
  const way = wayOf(
    study,
    'A study under a chain',
    () => clientOf(submitter),
    () => clientOf(curator),
  );
  const id = await way.open();
  await way.sheets(id);
  await way.uploads();
  await way.submit(id);
  accession = (await way.accept(id))[0]?.split('..')[0] ?? '';
}, 300_000);
afterAll(async () => {
  await server?.stop();
  await network?.stop();
  rmSync(data, { recursive: true, force: true });
});

/** The policy by which the archive works, and everybody verifies: three of four validators, and nobody besides. */
function policyFile(key: string): string {
  const file = join(data, 'policy');
  const validators = members.map((name) => `witness ${name} ${cosignerKey(name)}`);
  writeFileSync(
    file,
    [`log ${key}`, ...validators, `group chain 3 ${members.join(' ')}`, 'quorum none', ''].join('\n'),
  );
  return file;
}

const commandLine = (args: readonly string[]) =>
  geneward(args, { GENEWARD_URL: server.address, GENEWARD_TOKEN: token });

/** Waits, without a limit of its own: the test's limit is the last resort. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition().catch(() => false))) await new Promise((done) => setTimeout(done, 200));
}

const status = () => createClient({ baseUrl: server.address }).call(ledgerRoutes.ledgerStatus, {});
const levels = async () => {
  const client = createClient({ baseUrl: server.address, token });
  const { items } = await client.call(ledgerRoutes.objectLife, { params: { object: accession } });
  return items.map(({ level }) => level);
};

it('raises an act of the archive to L2 by itself, and its receipt verifies offline with the note keys of the validators', async () => {
  await until(async () => (await levels()).length > 0 && (await levels()).every((level) => level === 'L2'));
  const receipts = join(data, 'receipts');
  expect(await commandLine(['receipt', accession, '--to', receipts, '--wait', 'L2'])).toMatchObject({ code: 0 });
  const files = readdirSync(receipts).map((name) => join(receipts, name));
  // Nothing but the files and the policy: no address is known here.
  const { code, out } = await geneward(['verify', ...files, '--policy', join(data, 'policy'), '--json']);
  const verified = JSON.parse(out) as { verified: boolean; level: string; witnesses: unknown[] }[];
  expect([code, new Set(verified.map(({ level }) => level))]).toEqual([0, new Set(['L2'])]);
  expect(verified.every(({ witnesses }) => witnesses.length >= 3)).toBe(true);
  expect(await status()).toMatchObject({ chain: { id: chainId, standing: expect.stringMatching(/final|pending/) } });
});

it('goes on at L0 while the chain is down, and catches up to L2 when it is back', async () => {
  await network.stop();
  await until(async () => (await status()).chain?.standing === 'unreachable');
  const before = BigInt((await status()).signed);
  const made = await createClient({ baseUrl: server.address, token }).call(submissionRoutes.createSubmission, {
    body: { title: 'An act while the chain is down' },
  });
  expect(made.status).toBe('draft');
  await until(async () => BigInt((await status()).signed) > before);
  const size = BigInt((await status()).signed);
  expect(BigInt((await status()).final)).toBeLessThan(size);
  expect(await status()).not.toHaveProperty('alarm');
  await Promise.all(network.nodes.map((node) => node.start()));
  await until(async () => BigInt((await status()).final) >= size);
});
