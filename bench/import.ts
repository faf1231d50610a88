import { readFileSync, rmSync } from 'node:fs';
import { submissionRoutes, type Client } from '@geneward/api';
import { bootstrapLinkIn, firstPeople } from '../scripts/installation.ts';
import { startServer, temporaryData } from '../scripts/server.ts';
import type { Figure } from './figure.ts';

/** Smaller for a quick try: `GENEWARD_BENCH_ROWS=5000`. */
const rows = Number(process.env['GENEWARD_BENCH_ROWS'] ?? 100_000);

/**
 * A sheet of 100,000 samples in 25 columns, every tenth row with a fault, sent over HTTP to a real server: until it is stored
 * with the whole report, and how much the server's memory grows by it.
 */
export async function run(): Promise<Figure[]> {
  const data = temporaryData('bench');
  const server = await startServer(data, { GENEWARD_LOG_LEVEL: 'info' });
  try {
    const people = await firstPeople(
      server.address,
      bootstrapLinkIn(server.output()),
      'correct horse battery staple 7',
    );
    const { client } = await people.invite({ email: 'submitter@example.org', name: '提交者', roles: ['submitter'] });
    await importSheet(client, sheetOf(Math.min(500, rows)));
    const pid = server.process.pid ?? 0;
    const before = residentMiB(pid);
    const memory = { most: before };
    const watch = setInterval(() => (memory.most = Math.max(memory.most, residentMiB(pid))), 100);
    const began = performance.now();
    const counts = await importSheet(client, sheetOf(rows));
    const seconds = (performance.now() - began) / 1000;
    clearInterval(watch);
    console.log(`${rows} rows: ${counts.errors} errors, ${counts.warnings} warnings, ${counts.hints} hints found`);
    return [
      { name: 'import.time', value: round(seconds), unit: 's', better: 'lower', target: 30 },
      { name: 'import.rate', value: Math.round(rows / seconds), unit: 'rows/s', better: 'higher' },
      { name: 'import.memory', value: round(memory.most - before), unit: 'MiB', better: 'lower', target: 300 },
    ];
  } finally {
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

const round = (value: number): number => Math.round(value * 10) / 10;

async function importSheet(client: Client, sheet: string) {
  const { id } = await client.call(submissionRoutes.createSubmission, { body: { title: 'Samples of a large study' } });
  const params = { submission: id, sheet: 'sample.tsv' };
  await client.raw(submissionRoutes.putSheet, {
    params,
    body: sheet,
    headers: { 'content-type': 'text/tab-separated-values' },
  });
  for (;;) {
    const now = await client.call(submissionRoutes.getSheet, { params });
    if (now.state === 'read') return now.counts;
    if (now.state === 'failed') throw new Error(`the sheet was not read: ${JSON.stringify(now.counts)}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

const columns = [
  'alias',
  'title',
  'checklist',
  'organism',
  'taxonomy_id',
  'strain',
  'isolate',
  'collection_date',
  'geo_loc_name',
  'lat_lon',
  'isolation_source',
  'description',
  'collected_by',
  'env_broad_scale',
  'env_local_scale',
  'env_medium',
  'depth',
  'elev',
  'temp',
  'ph',
  'replicate',
  'biomaterial_provider',
  'note',
  'batch',
  'plate',
];

function sheetOf(count: number): string {
  const lines = [columns.join('\t')];
  for (let n = 1; n <= count; n += 1) lines.push(rowOf(n).join('\t'));
  return `${lines.join('\n')}\n`;
}

function rowOf(n: number): string[] {
  const faulty = n % 10 === 0;
  const two = (value: number) => String(value).padStart(2, '0');
  return [
    `soil-${count(n)}`,
    `土壤细菌分离株 Soil isolate ${n}`,
    'GWC-bacterium-archaeon',
    'Bacillus subtilis',
    '1423',
    `GW-${n}`,
    `I${n}`,
    faulty ? `2021-02-${30 + (n % 2)}` : `2021-${two(1 + (n % 12))}-${two(1 + (n % 28))}`,
    'China:Yunnan, Kunming',
    `${(20 + (n % 1000) / 100).toFixed(2)} N ${(98 + (n % 800) / 100).toFixed(2)} E`,
    'soil',
    `Isolate ${n} of a survey of soil bacteria along an elevation gradient`,
    'Institute of Soil Science',
    'terrestrial biome',
    'grassland',
    'soil',
    `0.${n % 10}`,
    `${1800 + (n % 400)}`,
    `${15 + (n % 10)}`,
    `${6 + (n % 3)}.${n % 10}`,
    `${1 + (n % 3)}`,
    'Culture collection',
    `plate position ${n % 96}`,
    `${Math.floor(n / 960)}`,
    `P${Math.floor(n / 96)}`,
  ];
}

const count = (n: number): string => String(n).padStart(6, '0');

/** Resident memory of a process as Linux tells it. */
function residentMiB(pid: number): number {
  const [, kib] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib ?? 0) / 1024;
}
