import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { show } from './process.ts';

// All tests that need nothing but this checkout. Arguments go to the test runner: `npm test -- libs/metadata`.
const report = join(tmpdir(), `geneward-test-${process.pid}.json`);
const code = await show('vitest', [
  'run',
  '--project=pure',
  '--project=server',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
]);
try {
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8')) as Record<
    string,
    number
  >;
  console.log(
    `${numPassedTests} passed, ${numFailedTests} failed${numPendingTests ? `, ${numPendingTests} skipped` : ''}`,
  );
} catch {
  console.log('0 passed, 1 failed');
} finally {
  rmSync(report, { force: true });
}
process.exitCode = code;
