import { cpus, totalmem } from 'node:os';
import type { Figure } from './figure.ts';

/** `npm run bench -- NAME [--json]`: one figure a line, as JSON, last. */
const benches: Readonly<Record<string, () => Promise<{ run: () => Promise<Figure[]> }>>> = {
  chain: () => import('./chain.ts'),
  metadata: () => import('./metadata.ts'),
  import: () => import('./import.ts'),
  search: () => import('./search.ts'),
  submitters: () => import('./submitters.ts'),
  gwas: () => import('./gwas.ts'),
  start: () => import('./start.ts'),
  merkle: () => import('./merkle.ts'),
  ledger: () => import('./ledger.ts'),
  'ledger-size': () => import('./ledger-size.ts'),
  formats: () => import('./formats.ts'),
  align: () => import('./align.ts'),
  mpc: () => import('./mpc.ts'),
  psi: () => import('./psi.ts'),
  crypt4gh: () => import('./crypt4gh.ts'),
  upload: () => import('./upload.ts'),
  download: () => import('./download.ts'),
  'small-files': () => import('./small-files.ts'),
  keys: () => import('./keys.ts'),
  place: () => import('./place.ts'),
  forecast: () => import('./forecast.ts'),
  timetree: () => import('./timetree.ts'),
  views: () => import('./views.ts'),
};

const name = process.argv[2] ?? '';
const load = benches[name];
if (!load) {
  console.error(`usage: npm run bench -- ${Object.keys(benches).join(' | ')}`);
  process.exitCode = 2;
} else {
  const [cpu] = cpus();
  console.log(
    `${name}: ${cpus().length} x ${cpu?.model.trim() ?? 'processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
  );
  const { run } = await load();
  for (const figure of await run()) console.log(JSON.stringify(figure));
}
