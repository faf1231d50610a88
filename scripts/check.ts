import { show } from './process.ts';

// Everything that is judged without running the product. Each check runs even when one before it failed.
const checks: readonly [name: string, program: string, args: readonly string[]][] = [
  ['types', 'tsc', ['-b']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['format', 'oxfmt', ['--check']],
  ['unused', 'knip', ['--no-progress']],
  ['generated files', 'node', ['scripts/generate.ts', '--check']],
];
const failed: string[] = [];
for (const [name, program, args] of checks) {
  const code = await show(program, args);
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  if (code !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.error(`failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
