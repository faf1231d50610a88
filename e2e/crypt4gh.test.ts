import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { installReference } from '../scripts/reference-crypt4gh.ts';

const folder = mkdtempSync(join(tmpdir(), 'geneward-crypt4gh-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

const reference = installReference(at('reference'));
const geneward = [process.execPath, fileURLToPath(new URL('../cli/src/main.ts', import.meta.url)), 'crypt4gh'];
/** The same words go to both command lines: scripts must run unchanged. */
const tools: Readonly<Record<string, { crypt4gh: readonly string[]; keygen: readonly string[] }>> = {
  reference: { crypt4gh: [reference.crypt4gh], keygen: [reference.keygen] },
  geneward: { crypt4gh: geneward, keygen: [...geneward, 'keygen'] },
};
const passphrase = 'open sesame 芝麻';

/** Runs without a terminal, input and output as files or as pipes; gives the end code and what was said. */
function run(
  command: readonly string[],
  args: readonly string[],
  io: { readonly input?: string | Buffer; readonly output?: string; readonly env?: Record<string, string> },
) {
  const [program = '', ...first] = command;
  const stdin = typeof io.input === 'string' ? openSync(io.input, 'r') : undefined;
  const stdout = io.output === undefined ? undefined : openSync(io.output, 'w');
  try {
    const ended = spawnSync('setsid', ['-w', program, ...first, ...args], {
      stdio: [stdin ?? 'pipe', stdout ?? 'pipe', 'pipe'],
      ...(Buffer.isBuffer(io.input) && { input: io.input }),
      env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', C4GH_PASSPHRASE: passphrase, ...io.env },
      maxBuffer: 1 << 28,
    });
    return { code: ended.status, out: ended.stdout as Buffer | null, err: ended.stderr.toString() };
  } finally {
    for (const file of [stdin, stdout]) if (file !== undefined) closeSync(file);
  }
}
const done = (...given: Parameters<typeof run>) => {
  const ended = run(...given);
  expect(ended.err).not.toMatch(/rror/);
  expect(ended.code).toBe(0);
  return ended;
};
const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

const size = 5 * 65_536 + 4321;
const plain = at('plain');
writeFileSync(plain, randomBytes(size));
const answers = Buffer.from(`${passphrase}\n${passphrase}\n`);
for (const [name, { keygen }] of Object.entries(tools))
  done(keygen, ['--sk', at(`${name}.sec`), '--pk', at(`${name}.pub`), '-C', 'for a test'], { input: answers });
done(['ssh-keygen'], ['-q', '-t', 'ed25519', '-N', passphrase, '-f', at('ssh.sec'), '-C', 'me'], {});
const keys = { reference: 'reference.pub', geneward: 'geneward.pub', ssh: 'ssh.sec.pub' };

const pairs = [
  ['geneward', 'reference'],
  ['reference', 'geneward'],
] as const;

describe.each(pairs)('%s writes, %s reads', (writer, reader) => {
  const write = tools[writer]?.crypt4gh ?? [];
  const read = tools[reader]?.crypt4gh ?? [];
  const sealed = at(`${writer}-${reader}.c4gh`);
  const opened = at(`${writer}-${reader}.plain`);

  it.each(Object.keys(keys))('a file for a key of %s, as files and as pipes', (owner) => {
    const [pk, sk] = [at(keys[owner as keyof typeof keys]), at(`${owner}.sec`)];
    done(write, ['encrypt', '--sk', at('reference.sec'), '--recipient_pk', pk], { input: plain, output: sealed });
    const sender = ['--sender_pk', at('reference.pub')];
    done(read, ['decrypt', '--sk', sk, ...sender], { input: sealed, output: opened });
    expect(digest(opened)).toBe(digest(plain));
    const { out } = done(read, ['decrypt'], { input: readFileSync(sealed), env: { C4GH_SECRET_KEY: sk } });
    expect(
      createHash('sha256')
        .update(out ?? '')
        .digest('hex'),
    ).toBe(digest(plain));
  });

  it('a file for several readers, its header apart, re-encrypted and trimmed', () => {
    const to = ['--recipient_pk', at('reference.pub'), '--recipient_pk', at('geneward.pub')];
    done(write, ['encrypt', ...to, '--header', at('header')], { input: plain, output: at('body') });
    writeFileSync(sealed, Buffer.concat([readFileSync(at('header')), readFileSync(at('body'))]));
    for (const owner of ['reference', 'geneward']) {
      done(read, ['decrypt', '--sk', at(`${owner}.sec`)], { input: sealed, output: opened });
      expect(digest(opened)).toBe(digest(plain));
    }
    const toSsh = ['--sk', at('geneward.sec'), '--recipient_pk', at('ssh.sec.pub')];
    done(write, ['reencrypt', ...toSsh, '--header-only'], { input: at('header'), output: at('header2') });
    writeFileSync(sealed, Buffer.concat([readFileSync(at('header2')), readFileSync(at('body'))]));
    for (const owner of ['reference', 'ssh'])
      done(read, ['decrypt', '--sk', at(`${owner}.sec`)], { input: sealed, output: opened });
    done(write, ['reencrypt', '--sk', at('reference.sec'), ...toSsh.slice(2), '-t'], { input: sealed, output: opened });
    expect(run(read, ['decrypt', '--sk', at('reference.sec')], { input: opened }).code).toBe(1);
    const { out } = done(read, ['decrypt', '--sk', at('ssh.sec')], { input: opened });
    expect(out?.equals(readFileSync(plain))).toBe(true);
  });

  // The reference counts one byte less than it names, and beyond the first segment its `decrypt --range` loses its place
  // (1.8.6); `rearrange` and `encrypt` are right there.
  it.each(['0-100', '10-65530', '1000-70000'])('the range %s, cut out by each verb', (range) => {
    const [start = 0, end = 0] = range.split('-').map(Number);
    const wanted = readFileSync(plain).subarray(start, end - 1);
    const mine = ['--sk', at('reference.sec')];
    const whole = [...mine, '--recipient_pk', at('reference.pub')];
    done(write, ['encrypt', ...whole], { input: plain, output: sealed });
    expect(done(read, ['decrypt', ...mine, '--range', range], { input: sealed }).out?.equals(wanted)).toBe(true);
    done(write, ['rearrange', ...mine, '--range', range], { input: sealed, output: opened });
    expect(done(read, ['decrypt', ...mine], { input: opened }).out?.equals(wanted)).toBe(true);
    done(write, ['encrypt', ...whole, '--range', range], { input: plain, output: opened });
    expect(done(read, ['decrypt', ...mine], { input: opened }).out?.equals(wanted)).toBe(true);
  });
});

it('both rearrange beyond the first segment alike', () => {
  const mine = ['--sk', at('geneward.sec')];
  done(geneward, ['encrypt', ...mine, '--recipient_pk', at('geneward.pub')], { input: plain, output: at('far.c4gh') });
  const cut = (command: readonly string[], range: string) => {
    done(command, ['rearrange', ...mine, '--range', range], { input: at('far.c4gh'), output: at('cut.c4gh') });
    return done(geneward, ['decrypt', ...mine], { input: at('cut.c4gh') }).out;
  };
  for (const range of ['65535-131074', '200000-200050', '131072-262145']) {
    const [start = 0, end = 0] = range.split('-').map(Number);
    const wanted = readFileSync(plain).subarray(start, end - 1);
    expect(cut(geneward, range)?.equals(wanted)).toBe(true);
    expect(cut([reference.crypt4gh], range)?.equals(wanted)).toBe(true);
  }
});

it('both end alike when something is wrong', () => {
  const cases: readonly (readonly [args: readonly string[], code: number])[] = [
    [['decrypt', '--sk', at('ssh.sec')], 1],
    [['decrypt', '--sk', at('nobody.sec')], 1],
    [['encrypt', '--recipient_pk', at('nobody.pub')], 1],
    [['decrypt', '--sk', at('geneward.sec'), '--range', '7-7'], 1],
  ];
  done(geneward, ['encrypt', '--recipient_pk', at('geneward.pub')], { input: plain, output: at('mine.c4gh') });
  for (const { crypt4gh } of Object.values(tools)) {
    for (const [args, code] of cases) expect(run(crypt4gh, args, { input: at('mine.c4gh') }).code).toBe(code);
    const wrong = run(crypt4gh, ['decrypt', '--sk', at('geneward.sec')], {
      input: at('mine.c4gh'),
      env: { C4GH_PASSPHRASE: 'wrong' },
    });
    expect(wrong.code).toBe(2);
  }
});
