#!/usr/bin/env node
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chainClient, signTransaction, type Act, type RpcCall } from '@geneward/chain';
import { cosigner, ed25519PublicKey, formatVerifierKey, fromBase64, keyTypes, toBase64 } from '@geneward/merkle';
import { serveAbci } from './abci.ts';
import { application } from './application.ts';
import { serveWitness } from './witness.ts';

const usage = `usage: geneward-chain <what>
  app --home DIR --listen ADDRESS [--name NAME --key FILE] [--snapshots BLOCKS]
      the application that a CometBFT node asks (proxy_app); with a key it cosigns as NAME what the chain makes final
  witness --node RPC --listen HOST:PORT --member ID --key FILE --chain ID
      answers logs as a C2SP witness: orders their checkpoints on the chain and gives this validator's cosignature
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
else if (what === 'key' && rest.length === 2) makeKey(rest[0] ?? '', rest[1] ?? '');
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
  const call: RpcCall = async (method, params) => {
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
  const sign = (nonce: bigint, act: Act) => signTransaction({ chainId, member, nonce, act }, seed);
  const rest = () => new Promise<void>((done) => setTimeout(done, 200));
  // A log waits ten seconds for a witness.
  await serveWitness({ client: chainClient(call), sign, member, rest, looks: 40 }, host, Number(port));
  process.stdout.write(`listening on ${listen}\n`);
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
