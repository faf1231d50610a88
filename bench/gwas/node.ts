import crypto from 'node:crypto';
import {
  associationStudy,
  cohortOf,
  fieldP61,
  kinshipStudy,
  linearRegression,
  logisticRegression,
  nodeCrypto,
  takeSeat,
  type Genotypes,
  type Net,
  type Variant,
} from '@geneward/mpc';
import { openMesh } from '../../cli/src/party/mesh.ts';
import { exchange, netOver } from '../../cli/src/party/net.ts';
import { readPolicy } from '../../cli/src/party/policy.ts';
import { readJob } from '../../cli/src/party/records.ts';
import { sumOver } from '../../cli/src/party/secure-sum.ts';

// One party of a benchmark: a process of its own, over the lines of `geneward party`. Timed from when all lines stand.
const [, , policyPath = '', jobPath = '', name = '', security = '', ...numbers] = process.argv;
const [a = 0, b = 0, c = 0] = numbers.map(Number);
const policy = readPolicy(policyPath);
const { job, hash } = readJob(jobPath);
const self = job.parties.findIndex((party) => party.name === policy.name);
const { peers, close } = await openMesh(policy, job, hash);
await exchange(peers, Buffer.alloc(1));

let waits = 0;
const counted = (net: Net): Net => ({
  ...net,
  receive(from) {
    waits += 1;
    return net.receive(from);
  },
});
const seat = () =>
  takeSeat(counted(netOver(peers, self, [0, 1, 2])), nodeCrypto(crypto), fieldP61, {
    security: security === 'malicious' ? 'malicious' : 'semi-honest',
    dealers: name === 'kinship' ? [0, 1] : [0, 1, 2],
  });
let state = self + 1;
const next = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
};

const studies: Readonly<Record<string, () => Promise<() => Promise<unknown>>>> = {
  /** a variants, cells below b suppressed; 2,000 individuals each. */
  'chi-square': () => {
    const of = (most: number) => BigUint64Array.from({ length: a }, () => BigInt(Math.floor(next() * most)));
    const full = fieldP61.fill(a, 2000n);
    const own = { cases: of(2000), controls: of(2000), calledCases: full, calledControls: full };
    return Promise.resolve(async () => {
      const place = await seat();
      const block = b === 0 ? a : 4096;
      for (let from = 0; from < a; from += block) {
        const cut = (values: BigUint64Array) => values.subarray(from, from + block);
        const part = {
          cases: cut(own.cases),
          controls: cut(own.controls),
          calledCases: cut(full),
          calledControls: cut(full),
        };
        await associationStudy(place, part, part.cases.length, { release: 'statistic', minimum: b });
      }
    });
  },
  /** a individuals against a of another institution, b variants. */
  kinship: () => {
    const copies = Array.from({ length: a }, () => Uint8Array.from({ length: b }, () => Math.floor(next() * 3.02)));
    return Promise.resolve(async () => {
      const own = self < 2 ? copies : undefined;
      await kinshipStudy(await seat(), { dealers: [0, 1], rows: [a, a], variants: b, own }, { release: 'coefficient' });
    });
  },
  /** a variants, b individuals of all parties together, c covariates. */
  linear: () => regression(false),
  score: () => regression(true),
  /** The model of every variant, as if all of them passed the score test. */
  full: () => regression(true, 1),
};

function regression(logistic: boolean, threshold = 0) {
  const individuals = Math.floor(b / 3);
  const covariates = Array.from({ length: c }, () => Float64Array.from({ length: individuals }, () => next() - 0.5));
  const outcome = Float64Array.from({ length: individuals }, () => (logistic ? Number(next() < 0.5) : next()));
  const cohort = cohortOf(random(a, individuals), panelOf(a));
  return Promise.resolve(async () => {
    const sum = await sumOver(peers, self, nodeCrypto(crypto), () => (waits += 2));
    if (logistic) await logisticRegression(cohort, outcome, covariates, sum, threshold);
    else await linearRegression(cohort, outcome, covariates, sum);
  });
}

const panelOf = (variants: number): Variant[] =>
  Array.from({ length: variants }, (_, at) => ({
    chromosome: '1',
    id: `v${at}`,
    position: at + 1,
    counted: 'A',
    other: 'C',
  }));

/** Genotypes that are made as they are read. */
function random(variants: number, individuals: number): Genotypes {
  const rowBytes = Math.ceil(individuals / 4);
  const samples = Array.from({ length: individuals }, (_, i) => ({
    family: 'F',
    id: `i${i}`,
    sex: 'unknown' as const,
    phenotype: Number.NaN,
  }));
  const panel = panelOf(variants);
  return {
    samples,
    async *blocks() {
      for (let from = 0; from < variants; from += 1000) {
        const some = panel.slice(from, from + 1000);
        yield await Promise.resolve({ variants: some, rowBytes, packed: calls(some.length * rowBytes) });
      }
    },
  };
}

/** Random genotypes, one in 128 of four missing: the low bit of a pair is set only where the high one is. */
function calls(length: number): Uint8Array {
  const [high, low] = [crypto.randomBytes(length), crypto.randomBytes(length)];
  return high.map((byte, at) => {
    const other = low[at] as number;
    return other === 0x55 || other === 0xaa ? 0x01 : (byte & 0xaa) | (((byte & 0xaa) >> 1) & other);
  });
}

const prepare = studies[name];
if (!prepare) throw new Error(`no study ${name}`);
const study = await prepare();
await exchange(peers, Buffer.alloc(1));
const sentBefore = peers.reduce((sum, { link }) => sum + link.sentBytes, 0);
const [began, used] = [performance.now(), process.cpuUsage()];
await study();
const { user, system } = process.cpuUsage(used);
const seconds = (performance.now() - began) / 1000;
await exchange(peers, Buffer.alloc(1));
console.log(
  JSON.stringify({
    seconds,
    processor: (user + system) / 1e6,
    sent: peers.reduce((sum, { link }) => sum + link.sentBytes, 0) - sentBefore,
    // Every wait for a message of one partner; a round waits for one or two.
    waits,
    most: process.resourceUsage().maxRSS / 1024,
  }),
);
close();
