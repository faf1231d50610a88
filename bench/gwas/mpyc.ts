import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The same two products a variant in MPyC: three local parties, Shamir, passive security, counts of all parties summed as inputs. */
const program = (variants: number) => `
import time, json
from mpyc.runtime import mpc

async def main():
    secfld = mpc.SecFld(modulus=2**61 - 1)
    n = ${variants}
    await mpc.start()
    began = time.time()
    own = [(7 * i + mpc.pid) % 2000 for i in range(2 * n)]
    given = mpc.input([secfld(v) for v in own])
    total = given[0]
    for one in given[1:]:
        total = mpc.vector_add(total, one)
    a, c = total[:n], total[n:]
    t = mpc.vector_sub([x * 6000 for x in a], [x * 6000 for x in c])
    whole = mpc.vector_add(a, c)
    rest = [12000 - x for x in whole]
    difference = mpc.schur_prod(t, t)
    spread = mpc.schur_prod(whole, rest)
    await mpc.output(difference)
    await mpc.output(spread)
    seconds = time.time() - began
    if mpc.pid == 0:
        print('SECONDS', seconds)
    await mpc.shutdown()

mpc.run(main())
`;

/** Seconds of MPyC, installed for this run in a folder of its own; undefined where it does not install. */
export function mpycSeconds(variants: number): number | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'mpyc-'));
  try {
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'ignore' });
    const python = join(folder, 'bin', 'python');
    execFileSync(python, ['-m', 'pip', 'install', '-q', 'mpyc==0.11', 'gmpy2'], { stdio: 'ignore' });
    const script = join(folder, 'chi.py');
    writeFileSync(script, program(variants));
    const out = execFileSync(python, [script, '-M3', '--no-log'], {
      encoding: 'utf8',
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const seconds = Number(/SECONDS ([\d.]+)/.exec(out)?.[1]);
    return Number.isFinite(seconds) ? seconds : undefined;
  } catch {
    console.log('MPyC could not be installed or run here');
    return undefined;
  } finally {
    if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
  }
}
