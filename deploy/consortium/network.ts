import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { formatGenesis } from '@geneward/chain-app';
import { chainClient, type ChainClient, type Genesis } from '@geneward/chain';
import { environment, root } from '../../scripts/process.ts';
import { cometbft } from './cometbft.ts';

/** One validator: an engine and its application, which share a Unix socket and nothing else. */
export interface Node {
  readonly name: string;
  readonly home: string;
  readonly rpc: string;
  readonly client: ChainClient;
  /** File of the application that is run. */
  application: string;
  start(): Promise<void>;
  /** Ends both without warning. */
  kill(): Promise<void>;
  running(): boolean;
}

export interface Network {
  readonly chainId: string;
  readonly nodes: readonly Node[];
  stop(): Promise<void>;
}

export interface NetworkOptions {
  readonly folder: string;
  readonly chainId: string;
  readonly genesis: Omit<Genesis, 'chainId'>;
  /** Name and key file of each validator's cosigner; their number is that of the validators. */
  readonly cosigners: readonly { readonly name: string; readonly seedFile: string }[];
  /** First of three ports a node; 0 takes free ones. */
  readonly firstPort?: number;
  readonly snapshotEvery?: number;
  /** Pause between two blocks, as the engine's configuration writes it. */
  readonly pause?: string;
  /** The engine's own key-value store in place of our application, to compare with. */
  readonly keyValueStore?: boolean;
}

const applicationFile = join(root, 'chain/src/main.ts');

/** JSON-RPC of a node over HTTP. */
export function rpcOf(address: string, timeoutMs = 10_000) {
  return async (method: string, params: Readonly<Record<string, unknown>>): Promise<unknown> => {
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { result, error } = (await answer.json()) as { result?: unknown; error?: { message: string; data?: string } };
    if (error) throw new Error(`${error.message}: ${error.data ?? ''}`);
    return result;
  };
}

/** Writes the homes of a network of validators on this machine; nothing is started yet. */
export async function createNetwork(options: NetworkOptions): Promise<Network> {
  const {
    folder,
    chainId,
    genesis,
    cosigners,
    firstPort = 0,
    snapshotEvery = 1000,
    pause = '500ms',
    keyValueStore = false,
  } = options;
  mkdirSync(folder, { recursive: true });
  const program = cometbft();
  run(program, ['testnet', '--v', String(cosigners.length), '--o', folder, '--populate-persistent-peers=false']);
  const homes = cosigners.map((_, at) => join(folder, `node${at}`));
  const shared = JSON.parse(readFileSync(join(homes[0] ?? '', 'config/genesis.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  const document = JSON.stringify(
    { ...shared, chain_id: chainId, app_state: formatGenesis({ ...genesis, chainId }) },
    undefined,
    2,
  );
  const ports = await Promise.all(
    homes.map(async (_, at) => [await port(firstPort, 3 * at), await port(firstPort, 3 * at + 1)] as const),
  );
  const peers = homes.map(
    (home, at) => `${run(program, ['show-node-id', '--home', home]).trim()}@127.0.0.1:${ports[at]?.[0]}`,
  );
  const nodes = homes.map((home, at) => {
    const [p2p = 0, rpc = 0] = ports[at] ?? [];
    const socket = join(home, 'application.sock');
    writeFileSync(join(home, 'config/genesis.json'), document);
    const others = peers.filter((_, other) => other !== at).join(',');
    configure(join(home, 'config/config.toml'), [
      ['', 'proxy_app', keyValueStore ? 'kvstore' : `unix://${socket}`],
      ['', 'log_level', 'error'],
      ['rpc', 'laddr', `tcp://127.0.0.1:${rpc}`],
      ['p2p', 'laddr', `tcp://127.0.0.1:${p2p}`],
      ['p2p', 'persistent_peers', others],
      ['p2p', 'addr_book_strict', false],
      ['p2p', 'allow_duplicate_ip', true],
      ['consensus', 'timeout_commit', pause],
      ['mempool', 'recheck', true],
    ]);
    const signer = cosigners[at];
    return node(
      program,
      home,
      `http://127.0.0.1:${rpc}`,
      keyValueStore
        ? undefined
        : [
            '--home',
            join(home, 'application'),
            '--listen',
            `unix://${socket}`,
            '--snapshots',
            String(snapshotEvery),
            ...(signer ? ['--name', signer.name, '--key', signer.seedFile] : []),
          ],
    );
  });
  return {
    chainId,
    nodes,
    async stop() {
      await Promise.all(nodes.map((one) => one.kill()));
    },
  };
}

function node(program: string, home: string, rpc: string, args: readonly string[] | undefined): Node {
  let engine: ChildProcess | undefined;
  let app: ChildProcess | undefined;
  const ended = (child: ChildProcess | undefined) =>
    new Promise<void>((done) => {
      if (!child || child.exitCode !== null || child.signalCode !== null) done();
      else child.once('exit', () => done());
    });
  const self: Node = {
    name: home.split('/').at(-1) ?? home,
    home,
    rpc,
    client: chainClient(rpcOf(rpc)),
    application: applicationFile,
    async start() {
      const log = openSync(join(home, 'output.log'), 'a');
      if (args) {
        app = spawn('node', [self.application, 'app', ...args], { stdio: ['ignore', 'pipe', log], env: environment });
        await new Promise<void>((done, fail) => {
          app?.stdout?.once('data', () => done());
          app?.once('exit', (code) => fail(new Error(`the application ended with ${code}; see ${home}/output.log`)));
        });
      }
      engine = spawn(program, ['start', '--home', home], { stdio: ['ignore', log, log], env: environment });
    },
    async kill() {
      engine?.kill('SIGKILL');
      app?.kill('SIGKILL');
      await Promise.all([ended(engine), ended(app)]);
    },
    running: () => engine !== undefined && engine.exitCode === null && engine.signalCode === null,
  };
  return self;
}

/** Sets keys of a TOML file that are there already. */
function configure(
  file: string,
  settings: readonly (readonly [section: string, key: string, value: string | boolean])[],
) {
  const left = [...settings];
  let section = '';
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => {
      section = /^\[([\w.]+)\]$/.exec(line)?.[1] ?? section;
      const key = /^(\w+) =/.exec(line)?.[1];
      const at = left.findIndex((setting) => setting[0] === section && setting[1] === key);
      const [setting] = at < 0 ? [] : left.splice(at, 1);
      return setting ? `${key} = ${JSON.stringify(setting[2])}` : line;
    });
  if (left.length > 0) throw new Error(`${file} has no ${left.map(([in_, key]) => `${in_}.${key}`).join(', ')}`);
  writeFileSync(file, lines.join('\n'));
}

function run(program: string, args: readonly string[]): string {
  const done = spawnSync(program, args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${done.stderr}`);
  return done.stdout;
}

function port(first: number, offset: number): Promise<number> {
  if (first > 0) return Promise.resolve(first + offset);
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? done(address.port) : fail(new Error('no free port')),
      );
    });
  });
}
