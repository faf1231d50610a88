import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** PLINK 1.9 and 2 and bcftools as Debian packs them: the references. In CI they must be there. */
export const havePlink = ['plink1.9', 'plink2', 'bcftools'].every((name) => existsSync(`/usr/bin/${name}`));

if (!havePlink && process.env['CI'] === 'true') throw new Error('plink1.9, plink2 and bcftools are not installed');
if (!havePlink) console.log('skipped: plink1.9, plink2 and bcftools are not installed');

/** A folder in which a reference program runs. */
export function referenceFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'geneward-plink-'));
  return {
    path: (name: string) => join(folder, name),
    write: (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content),
    read: (name: string): Uint8Array => readFileSync(join(folder, name)),
    run: (program: 'plink1.9' | 'plink2' | 'bcftools', ...args: string[]) =>
      void execFileSync(program, args, { cwd: folder, stdio: 'pipe' }),
    /** A table that PLINK wrote, by column; blanks divide. */
    table(name: string): Record<string, string>[] {
      const [head = '', ...rows] = readFileSync(join(folder, name), 'utf8').trim().split('\n');
      const names = head.trim().replace(/^#/, '').split(/\s+/);
      return rows.map((row) => {
        const fields = row.trim().split(/\s+/);
        return Object.fromEntries(names.map((column, at) => [column, fields[at] ?? '']));
      });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Whether two values agree to `digits` significant digits as printed; NA is NaN. */
export function agrees(own: number, printed: string | undefined, digits = 4): boolean {
  if (printed === undefined || /^(NA|nan|inf)$/i.test(printed)) return !Number.isFinite(own);
  const value = Number(printed);
  // The last printed digit may be rounded either way: a unit in the fourth digit and what the print itself rounded off.
  return Math.abs(own - value) <= 0.5001 * 10 ** (1 - digits) * Math.max(Math.abs(value), 1e-300) + 1e-12;
}
