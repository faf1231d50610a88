import * as crypto from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { intersect, memoryNets, nodeCrypto, ristretto255 } from '@geneward/mpc';
import type { Figure } from './figure.ts';

const count = 10_000;
const host = nodeCrypto(crypto);

const secondsSince = (began: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1e6;
};

/** Two sets of 10,000 with half in common: processor time of both parties in one thread, and of @openmined/psi.js in the same. */
export async function run(): Promise<Figure[]> {
  const sets = [0, count / 2].map((from) => Array.from({ length: count }, (_, at) => `sample-${from + at}`));
  const group = await ristretto255();
  const session = host.random(32);
  const began = process.cpuUsage();
  const results = await Promise.all(
    memoryNets(2).map((net) =>
      intersect(net, host, group, sets[net.me] ?? [], { session, sizes: [count, count], reveal: 'cardinality' }),
    ),
  );
  const seconds = secondsSince(began);
  if (results.some(({ size }) => size !== count / 2)) throw new Error('wrong intersection');
  const [client = [], server = []] = sets;
  const peer = await peerSeconds(client, server);
  const round = (value: number) => Math.round(value * 100) / 100;
  return [
    {
      name: 'psi.10k-10k',
      value: round(seconds),
      unit: 's',
      better: 'lower',
      target: 8,
      peer: '@openmined/psi.js',
      peerValue: round(peer),
      ratio: round(peer / seconds),
    },
  ];
}

interface PsiLibrary {
  readonly client: { createWithNewKey(reveal: boolean): PsiClient };
  readonly server: { createWithNewKey(reveal: boolean): PsiServer };
  readonly dataStructure: { readonly Raw: unknown };
}
interface PsiClient {
  createRequest(items: readonly string[]): unknown;
  getIntersectionSize(setup: unknown, response: unknown): number;
}
interface PsiServer {
  createSetupMessage(rate: number, clients: number, items: readonly string[], structure: unknown): unknown;
  processRequest(request: unknown): unknown;
}

/** Installed for this run only: the product does not need it. */
async function peerSeconds(client: readonly string[], server: readonly string[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'psi-'));
  try {
    execFileSync('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '@openmined/psi.js@2.0.6'], {
      stdio: 'ignore',
    });
    const load = createRequire(join(folder, 'package.json'))('@openmined/psi.js') as () => Promise<PsiLibrary>;
    const library = await load();
    const began = process.cpuUsage();
    const asks = library.client.createWithNewKey(false);
    const answers = library.server.createWithNewKey(false);
    const setup = answers.createSetupMessage(0, client.length, server, library.dataStructure.Raw);
    const response = answers.processRequest(asks.createRequest(client));
    if (asks.getIntersectionSize(setup, response) !== count / 2) throw new Error('the peer disagrees');
    return secondsSince(began);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
