import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryData } from '../scripts/server.ts';
import '../server/src/modules/index.ts';
import { openSequencer } from '../server/src/modules/ledger/sequencer.ts';
import { readConfig } from '../server/src/platform/config.ts';
import { startParts } from '../server/src/platform/start.ts';
import type { Figure } from './figure.ts';
import { load, type Measured } from './ledger/load.ts';
import { slowdown, type Slowdown } from './ledger/slowdown.ts';
import { tessera, type Peer } from './ledger/tessera.ts';

/** `GENEWARD_BENCH_SECONDS=10` for a quick try. */
const seconds = Number(process.env['GENEWARD_BENCH_SECONDS'] ?? 60);
/** A tenth faster than the target asks for, 250 acts a transaction over two connections, and no more while 2,500 wait. */
const offer = { rate: 11_000, atOnce: 250, connections: 2, limit: 2500 };

/** Acts recorded and placed on the embedded PostgreSQL with fsync; beside it Tessera on the same disk. */
export async function run(): Promise<Figure[]> {
  const data = temporaryData('bench');
  try {
    const ours = await placed(data);
    const folder = join(data, 'peer');
    mkdirSync(folder);
    const peer = await tessera(folder, Math.min(seconds, 20));
    return [...speed(ours, peer), ...processorTime(ours), ...cost(await slowdown(data, seconds))];
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

async function placed(data: string): Promise<Measured> {
  const parts = await startParts(readConfig({ GENEWARD_DATA: data, GENEWARD_LOG_LEVEL: 'error' }, data), 'serve');
  try {
    const sequencer = await openSequencer(parts);
    if ((await sequencer.lead()) !== 'leads') throw new Error('the bench does not lead its own log');
    return await load(parts, sequencer, offer, seconds);
  } finally {
    await parts.stop();
  }
}

/** How many acts get their place in a second, how long one waits for it after its commit, and how long for a verified receipt. */
function speed({ rate, wait, receipt }: Measured, peer: Peer | undefined): Figure[] {
  const beside = (value: number, own: number) =>
    peer && {
      peer: 'Tessera POSIX, entries only',
      peerValue: Math.round(value),
      ratio: Math.round((own / value) * 100) / 100,
    };
  return [
    {
      name: 'ledger.appends',
      value: Math.round(rate),
      unit: '/s',
      better: 'higher',
      target: 10_000,
      ...(peer && beside(peer.rate, rate)),
    },
    {
      name: 'ledger.wait.p50',
      value: Math.round(wait.p50),
      unit: 'ms',
      better: 'lower',
      ...(peer && beside(peer.p50, wait.p50)),
    },
    {
      name: 'ledger.wait.p99',
      value: Math.round(wait.p99),
      unit: 'ms',
      better: 'lower',
      target: 250,
      ...(peer && beside(peer.p99, wait.p99)),
    },
    { name: 'ledger.receipt', value: Math.round(receipt) / 1000, unit: 's', better: 'lower', target: 10 },
  ];
}

/** What one act costs, which other work on the machine changes least. */
const processorTime = ({ cpu }: Measured): Figure[] =>
  (['sequencer', 'database', 'producer'] as const).map((name) => ({
    name: `ledger.cpu.${name}`,
    value: Math.round(cpu[name]),
    unit: 'µs/act',
    better: 'lower',
  }));

/** By how much the ledger makes an ordinary act longer for who waits for it. */
const cost = ({ bare, logged }: Slowdown): Figure[] => [
  { name: 'ledger.act.bare', value: Math.round(bare * 100) / 100, unit: 'ms', better: 'lower' },
  { name: 'ledger.act.logged', value: Math.round(logged * 100) / 100, unit: 'ms', better: 'lower' },
  {
    name: 'ledger.act.slower',
    value: Math.round((logged / bare - 1) * 1000) / 10,
    unit: '%',
    better: 'lower',
    target: 10,
  },
];
