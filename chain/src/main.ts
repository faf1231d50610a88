#!/usr/bin/env node
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chainClient, signTransaction, type Act, type RpcCall } from '@geneward/chain';
import { cosigner, ed25519PublicKey, formatVerifierKey, fromBase64, keyTypes, toBase64 } from '@geneward/merkle';
import { serveAbci } from './abci.ts';
import { parseAct } from './act-json.ts';
import { application } from './application.ts';
import { equivocation, sendAct } from './member.ts';
import { serveWitness } from './witness.ts';

const usage = `usage: geneward-chain <what>
  app --home DIR --listen ADDRESS [--name NAME --key FILE] [--snapshots BLOCKS]
      the application that a CometBFT node asks (proxy_app); with a key it cosigns as NAME what the chain makes final
  witness --node RPC --listen HOST:PORT --member ID --key FILE --chain ID
      answers logs as a C2SP witness: orders their checkpoints on the chain and gives this validator's cosignature
  send --node RPC --chain ID --member ID --key FILE ACT
      signs an act, written as JSON, and waits until it stands in a block
  report --node RPC --chain ID --member ID --key FILE [--log ADDRESS] NOTE NOTE
      freezes a log that signed both checkpoints, which contradict one another; where their sizes differ, ADDRESS has the tiles of
      the longer history (https://archive.example.org/log)
  show --node RPC validators | member ID | log ORIGIN
      what the chain holds
  contract --node RPC --key FILE
      puts the contract for heads of logs on an EVM chain; the key is that of an account there, 0x and 64 hexadecimal digits
  key FILE NAME
      makes a secret key in FILE, and prints its public forms: a member's, a log's and a cosigner's
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    home: { type: 'string' },
    listen: { type: 'string' },
    name: { type: 'string' },
    key: { type: 'string' },
    snapshots: { type: 'string', default: '1000' },
    node: { type: 'string' },
    member: { type: 'string' },
    chain: { type: 'string' },
    log: { type: 'string' },
  },
});

const [what, ...rest] = positionals;
if (what === 'app' && values.home && values.listen) await serve(values.home, values.listen);
else if (what === 'witness' && values.node && values.listen && values.member && values.key && values.chain)
  await witness(values.node, values.listen, {
    chainId: values.chain,
    member: values.member,
    seed: readSeed(values.key),
  });
else if (what === 'send' && rest[0] !== undefined && rest.length === 1) await send(() => parseAct(rest[0] ?? ''));
else if (what === 'report' && rest.length === 2) await send(() => reportOf(rest));
else if (what === 'show' && values.node) await show(values.node, rest);
else if (what === 'contract' && values.node && values.key) {
  // The compiler and the client of that chain are no business of a validator.
  const { putContract } = await import('./evm/put-contract.ts');
  process.stdout.write(`${await putContract(values.node, values.key)}\n`);
} else if (what === 'key' && rest.length === 2) makeKey(rest[0] ?? '', rest[1] ?? '');
else {
  process.stderr.write(usage);
  process.exitCode = 2;
}

async function serve(home: string, listen: string): Promise<void> {
  const signer = values.name && values.key ? { cosigner: cosigner(values.name, readSeed(values.key)) } : {};
  const app = application({ home, snapshotEvery: BigInt(values.snapshots), ...signer });
  const server = await serveAbci(app, listen, (error) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    // The engine has been told; a node that cannot go on rightly stops.
    setTimeout(() => process.exit(1), 200);
  });
  process.stdout.write(`listening on ${listen}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      server.close();
      app.close();
      process.exit(0);
    });
}

async function witness(
  node: string,
  listen: string,
  { chainId, member, seed }: { chainId: string; member: string; seed: Uint8Array },
): Promise<void> {
  const [host = '127.0.0.1', port = '0'] = listen.split(':');
  const sign = (nonce: bigint, act: Act) => signTransaction({ chainId, member, nonce, act }, seed);
  const rest = () => new Promise<void>((done) => setTimeout(done, 200));
  // A log waits ten seconds for a witness.
  await serveWitness({ client: chainClient(callOf(node)), sign, member, rest, looks: 40 }, host, Number(port));
  process.stdout.write(`listening on ${listen}\n`);
}

/** JSON-RPC of a node. */
function callOf(node: string): RpcCall {
  return async (method, params) => {
    const answer = await fetch(node, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: AbortSignal.timeout(5000),
    });
    const { result, error } = (await answer.json()) as { result?: unknown; error?: { message: string; data?: string } };
    if (error) throw new Error(`${error.message}: ${error.data ?? ''}`);
    return result;
  };
}

/** Sends a member's act; ends with 1 when the chain refuses it, or when what was given is no act. */
async function send(make: () => Act | Promise<Act>): Promise<void> {
  const { node, chain: chainId, member, key } = values;
  if (!node || !chainId || !member || !key) {
    process.stderr.write(usage);
    process.exitCode = 2;
    return;
  }
  try {
    const rest = () => new Promise<void>((done) => setTimeout(done, 200));
    const sender = { chainId, member, seed: readSeed(key) };
    const sent = await sendAct(chainClient(callOf(node)), sender, await make(), rest);
    if ('height' in sent) process.stdout.write(`${JSON.stringify({ height: String(sent.height) })}\n`);
    else {
      process.stderr.write(`${sent.code}: ${sent.message}\n`);
      process.exitCode = 1;
    }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

/** The report of two checkpoints that lie in files. */
function reportOf(files: readonly string[]): Promise<Act> {
  const [first = '', second = ''] = files.map((file) => readFileSync(file, 'utf8'));
  return equivocation([first, second], async (path) => {
    if (!values.log)
      throw new Error('the checkpoints differ in size: give --log, where the tiles of the longer one are');
    const answer = await fetch(`${values.log.replace(/\/$/, '')}/${path}`, { signal: AbortSignal.timeout(30_000) });
    if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  });
}

async function show(node: string, [sort, name = '']: readonly string[]): Promise<void> {
  const client = chainClient(callOf(node));
  const found =
    sort === 'validators'
      ? [...(await client.validators())].map(([address, record]) => ({ address, ...record }))
      : sort === 'member'
        ? await client.member(name)
        : sort === 'log'
          ? await client.log(name)
          : undefined;
  if (found === undefined) process.exitCode = 1;
  const plain = (_: string, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value instanceof Uint8Array ? toBase64(value) : value;
  process.stdout.write(`${JSON.stringify(found ?? null, plain, 2)}\n`);
}

function makeKey(file: string, name: string): void {
  if (existsSync(file)) throw new Error(`${file} exists; a key is never overwritten`);
  const seed = new Uint8Array(randomBytes(32));
  writeFileSync(file, `${toBase64(seed)}\n`, { mode: 0o600, flag: 'wx' });
  const publicKey = ed25519PublicKey(seed);
  process.stdout.write(
    `${JSON.stringify(
      {
        publicKey: toBase64(publicKey),
        log: formatVerifierKey({ name, type: keyTypes.ed25519, publicKey }),
        cosigner: formatVerifierKey({ name, type: keyTypes.cosignature, publicKey }),
      },
      undefined,
      2,
    )}\n`,
  );
}

/** A file with 32 secret bytes in base64. */
function readSeed(file: string): Uint8Array {
  const seed = fromBase64(readFileSync(file, 'utf8').trim());
  if (seed.length !== 32) throw new Error(`${file} holds no key`);
  return seed;
}
