import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobSpecification } from '@geneward/api';
import { beforeAll, describe, expect, it } from 'vitest';
import { approveAt, commitFiles, consortium, runAt, specification, type Institution } from './testing/consortium.ts';
import { geneward } from './testing/run.ts';

const survival: JobSpecification['analysis'] = {
  kind: 'survival',
  time: 't',
  event: 'e',
  group: 'g',
  groups: 2,
  grid: [5, 20],
};
const table = (seed: number) =>
  `IID\tt\te\tg\n${Array.from({ length: 12 }, (_, i) => [`p${i}`, ((i + seed) % 20) + 1, 1, i % 2].join('\t')).join('\n')}\n`;

let alpha: Institution;
let beta: Institution;
beforeAll(async () => {
  const places = await consortium(['alpha', 'beta'], (policy, name) => (policy['replay'] = name === 'alpha'));
  const commitments = await Promise.all(places.map((place, at) => commitFiles(place, { table: table(at) })));
  const job = specification(places, commitments, survival);
  for (const place of places) approveAt(place, job);
  const ended = await Promise.all(places.map(runAt));
  for (const { code, err } of ended) if (code !== 0) throw new Error(err);
  [alpha, beta] = places as [Institution, Institution];
});

const replay = (place: Institution, out = join(place.folder, 'out')) =>
  geneward(['--json', 'job', 'replay', out, '--policy', place.policy]);

/** A file of what alpha kept, and how to put it back. */
function kept(name: string) {
  const folder = join(alpha.folder, 'records', 'replays');
  const path = join(folder, readdirSync(folder)[0] ?? '', name);
  const before = readFileSync(path);
  return { path, before, restore: () => writeFileSync(path, before) };
}

describe('an auditor with an owner’s record and data', () => {
  it('does the run again and finds every frame as it was signed', async () => {
    const { code, out } = await replay(alpha);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ party: 'alpha', lines: [{ partner: 'beta' }] });
  });

  it('finds nothing where the owner keeps nothing', async () => {
    expect((await replay(beta)).err).toContain('no-replay');
  });

  it('finds out another seed, another message, one too few, and other data', async () => {
    const run = kept('run.json');
    const { seed } = JSON.parse(run.before.toString()) as { seed: string };
    writeFileSync(run.path, run.before.toString().replace(seed, 'ab'.repeat(32)));
    expect((await replay(alpha)).err).toContain('replay-differs');
    run.restore();
    const messages = kept('beta.messages');
    const changed = Buffer.from(messages.before);
    changed[6] = (changed[6] ?? 0) ^ 1;
    const first = 4 + messages.before.readUInt32BE(0);
    for (const bytes of [changed, messages.before.subarray(first), Buffer.alloc(0)]) {
      writeFileSync(messages.path, bytes);
      expect((await replay(alpha)).err).toContain('replay-differs');
    }
    messages.restore();
    const data = join(alpha.folder, 'data', 'input.table');
    const before = readFileSync(data, 'utf8');
    writeFileSync(data, before.replace('p3\t', 'q3\t'));
    expect((await replay(alpha)).err).toContain('input-changed');
    writeFileSync(data, before);
    expect((await replay(alpha)).code).toBe(0);
  });

  it('takes no receipt for it that does not verify', async () => {
    const out = join(alpha.folder, 'bent');
    cpSync(join(alpha.folder, 'out'), out, { recursive: true });
    const receipt = readFileSync(join(out, 'receipt.json'), 'utf8');
    writeFileSync(join(out, 'receipt.json'), receipt.replace(/"sent": "[0-9a-f]{2}/, '"sent": "00'));
    expect((await replay(alpha, out)).err).toContain('bad-receipt');
  });
});
