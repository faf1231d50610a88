import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { show } from './process.ts';

/** One suite of CI: how to run it, and where it leaves its counts. */
interface Counts {
  passed: number;
  failed: number;
}

/** What vitest's JSON report says of one run. */
interface Report {
  numPassedTests: number;
  testResults: { name: string; message: string; assertionResults: { fullName: string; status: string }[] }[];
}

const total: Counts = { passed: 0, failed: 0 };
const failures: string[] = [];

await step('checks', () => show('node', ['scripts/check.ts']));
installReferences();
installModule();
installSftp();
await suite('tests', ['--project=pure', '--project=server']);
await step('pages build', () => show('node', ['scripts/pages.ts']));
installBrowser();
installGo();
installGateway();
await suite('end to end', ['--project=e2e']);
await step('demonstration', () => show('node', ['scripts/demo.ts', '--exit']));
await step('joint analysis', () => show('node', ['scripts/demo-mpc.ts']));
for (const failure of failures) console.log(`FAILED: ${failure}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** A step without tests of its own counts as one. */
async function step(name: string, run: () => Promise<number>): Promise<void> {
  heading(name);
  if ((await run()) === 0) total.passed += 1;
  else {
    total.failed += 1;
    failures.push(name);
  }
}

async function suite(name: string, args: readonly string[]): Promise<void> {
  heading(name);
  const report = join(tmpdir(), `geneward-ci-${process.pid}-${name.replaceAll(' ', '-')}.json`);
  const code = await show('vitest', [
    'run',
    ...args,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  const counts = existsSync(report) ? (JSON.parse(readFileSync(report, 'utf8')) as Report) : undefined;
  const failed = (counts?.testResults ?? []).flatMap(failedIn);
  failures.push(...failed);
  if (code !== 0 && failed.length === 0) failures.push(`${name}: ended with ${code}`);
  total.passed += counts?.numPassedTests ?? 0;
  // A run that ends badly without a failed test (a broken set-up, an unhandled error) is a failure all the same.
  total.failed += Math.max(failed.length, code === 0 ? 0 : 1);
}

/** The failed tests of one file, or the file itself when it could not run. */
function failedIn(file: Report['testResults'][number]): string[] {
  const place = relative('.', file.name);
  const tests = file.assertionResults.filter((test) => test.status === 'failed').map((test) => test.fullName);
  if (tests.length > 0) return tests.map((test) => `${place}: ${test}`);
  return file.message === '' ? [] : [`${place}: ${file.message.split('\n')[0] ?? ''}`];
}

/** Debian's Chromium for the pages' tests. */
function installBrowser(): void {
  if (existsSync('/usr/bin/chromium')) return;
  heading('installing Chromium');
  aptInstall('chromium', 'fonts-noto-cjk');
}

/** Go, for the transparency log that ours is measured by. */
function installGo(): void {
  if (spawnSync('go', ['version']).status === 0) return;
  heading('installing Go');
  aptInstall('golang-go');
}

/** Programs that our figures are held to: PLINK and bcftools for joint analyses, mafft for alignments. */
function installReferences(): void {
  const programs = ['plink1.9', 'plink2', 'bcftools', 'mafft'];
  if (programs.every((program) => existsSync(`/usr/bin/${program}`))) return;
  heading(`installing ${programs.join(', ')}`);
  aptInstall(...programs);
}

/** A hardware module in software, for the keys that a PKCS#11 module holds. */
function installModule(): void {
  if (existsSync('/usr/lib/softhsm/libsofthsm2.so')) return;
  heading('installing SoftHSM');
  aptInstall('softhsm2');
}

/** The SFTP client that people have, for the tests of the SFTP inbox. */
function installSftp(): void {
  if (existsSync('/usr/bin/sftp')) return;
  heading('installing openssh-client');
  aptInstall('openssh-client');
}

function aptInstall(...packages: string[]): void {
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  execFileSync('apt-get', ['update', '-q'], options);
  execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], options);
}

/** The S3-compatible server for the tests of that store, where there is a Go to build it with. */
function installGateway(): void {
  if (existsSync(join(homedir(), 'go/bin/versitygw'))) return;
  heading('installing versitygw');
  execFileSync('go', ['install', 'github.com/versity/versitygw/cmd/versitygw@v1.8.0'], {
    stdio: 'inherit',
    env: { ...process.env, GOBIN: join(homedir(), 'go/bin') },
  });
}

function heading(name: string): void {
  console.log(`\n=== ${name}`);
}
