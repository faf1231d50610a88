import { execFileSync, spawnSync } from 'node:child_process';
import * as crypto from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  encrypt,
  nodeCrypto,
  parseHeader,
  portableCrypto,
  reencryptHeader,
  Sealer,
  sealedSize,
  type Crypto,
} from '../libs/crypt4gh/src/index.ts';
import { root } from '../scripts/process.ts';
import { installReference } from '../scripts/reference-crypt4gh.ts';
import type { Figure } from './figure.ts';

const size = 2 ** 30;
const rounds = 3;
const MiB = 2 ** 20;

/** File to file through the command lines, ours as it is packed, beside the Python reference; then headers for new readers. */
export async function run(): Promise<Figure[]> {
  const folder = mkdtempSync(join(process.env['BENCH_FOLDER'] ?? tmpdir(), 'geneward-bench-crypt4gh-'));
  try {
    return [...fileToFile(folder), await headers(), ...portable()];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Took {
  readonly seconds: number;
  readonly processor: number;
}

function fileToFile(folder: string): Figure[] {
  const at = (name: string) => join(folder, name);
  execFileSync('npm', ['run', 'build', '--silent', '-w', 'cli'], { cwd: root, stdio: ['ignore', 'ignore', 'ignore'] });
  const ours = [process.execPath, join(root, 'cli/dist/main.js'), 'crypt4gh'];
  const theirs = [installReference(at('reference')).crypt4gh];
  spawnSync(ours[0] ?? '', [...ours.slice(1), 'keygen', '--nocrypt', '--sk', at('key'), '--pk', at('key.pub')]);
  writeRandom(at('plain'));

  const encryptArgs = ['encrypt', '--sk', at('key'), '--recipient_pk', at('key.pub')];
  const decryptArgs = ['decrypt', '--sk', at('key')];
  const best = new Map<string, Took>();
  for (let round = 0; round < rounds; round += 1)
    for (const [who, command] of [['ours', ours] as const, ['reference', theirs] as const])
      for (const [verb, args, from, to] of [
        ['encrypt', encryptArgs, 'plain', `${who}.c4gh`],
        ['decrypt', decryptArgs, `${who}.c4gh`, `${who}.plain`],
      ] as const) {
        const took = timed(command, args, at(from), at(to));
        const before = best.get(`${who} ${verb}`);
        best.set(`${who} ${verb}`, {
          seconds: Math.min(took.seconds, before?.seconds ?? Infinity),
          processor: Math.min(took.processor, before?.processor ?? Infinity),
        });
      }
  if (!readFileSync(at('ours.plain')).equals(readFileSync(at('plain')))) throw new Error('what was decrypted differs');

  return ['encrypt', 'decrypt'].map((verb) => {
    const [mine, other] = [best.get(`ours ${verb}`), best.get(`reference ${verb}`)];
    if (!mine || !other) throw new Error(verb);
    console.log(
      `${verb} 1 GiB: ours ${mine.seconds.toFixed(2)} s (processor ${mine.processor.toFixed(2)} s), reference ${other.seconds.toFixed(2)} s (${other.processor.toFixed(2)} s), best of ${rounds} each in turn`,
    );
    return {
      name: `crypt4gh.${verb}`,
      value: Math.round(size / MiB / mine.seconds),
      unit: 'MiB/s',
      better: 'higher',
      target: 600,
      peer: 'Python reference 1.8.6',
      peerValue: Math.round(size / MiB / other.seconds),
      ratio: Number((other.seconds / mine.seconds).toFixed(2)),
    };
  });
}

function writeRandom(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (let written = 0; written < size; written += 16 * MiB) writeSync(file, crypto.randomBytes(16 * MiB));
  } finally {
    closeSync(file);
  }
}

/** One run from file to file: wall clock, and what `time` of bash counts as user and system. */
function timed(command: readonly string[], args: readonly string[], from: string, to: string): Took {
  const quoted = [...command, ...args].map((word) => `'${word}'`).join(' ');
  const line = `TIMEFORMAT='%R %U %S'; rm -f '${to}'; time ${quoted} < '${from}' > '${to}'`;
  const ended = spawnSync('bash', ['-c', line], { encoding: 'utf8' });
  if (ended.status !== 0) throw new Error(ended.stderr);
  const [seconds = 0, user = 0, system = 0] = (ended.stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { seconds, processor: user + system };
}

/** Headers re-encrypted for one reader each, one service key, readers that repeat as those of grants do. */
async function headers(): Promise<Figure> {
  const node = nodeCrypto(crypto);
  const service = node.secretKey(crypto.randomBytes(32));
  const [sealed = new Uint8Array(0)] = await Array.fromAsync(encrypt(node, [], { readers: [service.publicKey] }));
  const header = parseHeader(sealed);
  const readers = Array.from({ length: 100 }, () => node.secretKey(crypto.randomBytes(32)).publicKey);
  const count = 5000;
  const start = process.cpuUsage();
  for (let i = 0; i < count; i += 1)
    reencryptHeader(
      node,
      header,
      { keys: [service] },
      { writer: service, readers: [readers[i % 100] ?? service.publicKey] },
    );
  const { user, system } = process.cpuUsage(start);
  const value = Math.round(count / ((user + system) / 1e6));
  return { name: 'crypt4gh.headers', value, unit: 'headers/s', better: 'higher', target: 1000 };
}

/** What a browser can expect: the segments of 16 MiB sealed by JavaScript alone. */
function portable(): Figure[] {
  const rate = (each: Crypto) => {
    const plain = new Uint8Array(16 * MiB);
    const out = new Uint8Array(sealedSize(plain.length));
    const start = process.cpuUsage();
    new Sealer(each, { key: each.randomBytes(32) }).seal(plain, out);
    return Math.round(16 / (process.cpuUsage(start).user / 1e6));
  };
  rate(portableCrypto);
  return [{ name: 'crypt4gh.portable', value: rate(portableCrypto), unit: 'MiB/s', better: 'higher' }];
}
