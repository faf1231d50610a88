import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from './figure.ts';
import { archive, questions } from './search/archive.ts';
import { startCatalogue } from './search/postgres.ts';
import { fillSqlite, startReader } from './search/sqlite.ts';
import { printKinds, quantile, throughReaders, type Timing } from './search/timing.ts';

const readers = 4;

/**
 * Searches of every kind at four concurrent readers. Ours: the use case of the catalogue in one process, on an embedded
 * PostgreSQL beside it. The peer: SQLite FTS5 in four threads of one process, without a network or a second process, over the
 * same words, asked for the same answer (a ranked page, a total up to 10,000, eight facets).
 * BENCH_SAMPLES makes a smaller archive; a project for every ten samples.
 */
export async function run(): Promise<Figure[]> {
  const samples = Number(process.env['BENCH_SAMPLES'] ?? 1_000_000);
  const size = { samples, projects: Math.round(samples / 10) };
  const folder = mkdtempSync(join(tmpdir(), 'geneward-bench-search-'));
  // So that the database of another account can live, and end, in it.
  chmodSync(folder, 0o755);
  try {
    const ours = await measureOurs(folder, size);
    const peer = await measurePeer(folder, size);
    printKinds(ours, peer, 'SQLite');
    return [0.5, 0.95].map((q) => {
      const [value, peerValue] = [quantile(ours, q), quantile(peer, q)];
      return {
        name: `search.p${q * 100}`,
        value,
        unit: 'ms',
        better: 'lower',
        target: q === 0.5 ? 20 : 100,
        peer: `SQLite FTS5, ${samples} samples, ${readers} threads`,
        peerValue,
        ratio: Math.round((peerValue / value) * 100) / 100,
      };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureOurs(folder: string, size: { samples: number; projects: number }): Promise<Timing[]> {
  const catalogue = await startCatalogue(folder);
  try {
    await timed(`index ${size.samples} samples`, () => catalogue.fill(archive(size)));
    const one = () => catalogue.ask;
    await throughReaders(Array.from({ length: readers }, one), questions(3));
    return await throughReaders(Array.from({ length: readers }, one), questions(40).slice(45));
  } finally {
    await catalogue.stop();
  }
}

async function measurePeer(folder: string, size: { samples: number; projects: number }): Promise<Timing[]> {
  await timed(`index ${size.samples} samples in SQLite`, async () => fillSqlite(folder, archive(size)));
  const threads = Array.from({ length: readers }, () => startReader(folder));
  try {
    const read = threads.map((thread) => thread.read);
    await throughReaders(read, questions(3));
    return await throughReaders(read, questions(40).slice(45));
  } finally {
    await Promise.all(threads.map((thread) => thread.stop()));
  }
}

async function timed(what: string, work: () => Promise<void>): Promise<void> {
  const began = performance.now();
  await work();
  console.log(`${what}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
}
