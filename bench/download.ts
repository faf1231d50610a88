import * as node from 'node:crypto';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeCrypto, type NoteKey, type SecretKey } from '@geneward/crypt4gh';
import { fetchFile } from '../cli/src/transfer/fetch.ts';
import { openLine } from '../cli/src/transfer/line.ts';
import { manifestOf } from '../cli/src/transfer/manifest.ts';
import { plainSource, sealedSource } from '../cli/src/transfer/source.ts';
import { createOutput } from '../cli/src/output.ts';
import type { Figure } from './figure.ts';
import { fetchVerified, send } from './transfer/client.ts';
import { withBareServer } from './transfer/peer.ts';
import { readsOf } from './transfer/reads.ts';
import { openTransferSite } from './transfer/site.ts';

/** `GENEWARD_BENCH_MIB=2048` for the size that the target is stated for. */
const mib = Number(process.env['GENEWARD_BENCH_MIB'] ?? 512);
const rounds = 3;
const ranges = 4000;
const connections = 4;

const output = createOutput({
  json: true,
  language: 'en',
  stdout: process.stdout,
  stderr: process.stderr,
  interactive: false,
});
const bar = { advance: () => undefined, set: () => undefined, end: () => undefined };

/**
 * One file over loopback as `geneward get` fetches it: in ranges over four connections, every segment held against the signed manifest,
 * MD5 and SHA-256 of the whole, written to disk; client and server on the same processors, best of three. Once in the plain, opened by the
 * server, and once sealed for the reader's key and opened by the reader. Beside it a Node server that reads a file and sends it to a
 * client that hashes it. Then many short ranges, each with its event.
 */
export async function run(): Promise<Figure[]> {
  const site = await openTransferSite();
  const folder = join(tmpdir(), `geneward-bench-download-${process.pid}`);
  mkdirSync(folder);
  const { address } = site.server;
  const { token } = site.submitter;
  const line = openLine({ output, session: () => ({ server: address, token }) });
  try {
    const headers = { authorization: `Bearer ${token}` };
    const { body } = await send(`${address}/api/v1/files/reads.fastq`, headers, readsOf(mib));
    const { id } = JSON.parse(body) as { id: string };
    const key = (await (await fetch(`${address}/api/v1/files/manifest-key`)).json()) as {
      name: string;
      publicKey: string;
    };
    const signer = { name: key.name, publicKey: Buffer.from(key.publicKey, 'base64') };
    const way = { line, id, headers: async () => headers, mend: line.mend };
    const plain = await best(() => fetched(way, signer, folder, undefined));
    const mine = nodeCrypto(node).secretKey(node.randomBytes(32));
    const sealed = await best(() => fetched(way, signer, folder, mine));
    const bare = await withBareServer(async (peer) => {
      const sent = await send(peer, {}, readsOf(mib));
      const sha256 = (JSON.parse(sent.body) as { sha256: string }).sha256;
      return best(() => fetchVerified(peer, {}, sha256));
    });
    const many = await manyRanges(`${address}/api/v1/files/${id}/content`, headers);
    const beside = (value: number) => ({
      peer: 'bare Node file server',
      peerValue: Math.round(bare),
      ratio: Math.round((value / bare) * 100) / 100,
    });
    return [
      {
        name: 'download.sealed',
        value: Math.round(sealed),
        unit: 'MiB/s',
        better: 'higher',
        target: 250,
        ...beside(sealed),
      },
      {
        name: 'download.verified',
        value: Math.round(plain),
        unit: 'MiB/s',
        better: 'higher',
        target: 250,
        ...beside(plain),
      },
      { name: 'download.ranges', value: Math.round(many), unit: 'ranges/s', better: 'higher' },
    ];
  } finally {
    line.close();
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** MiB per second from the first question to the file under its name. */
async function fetched(
  ask: Parameters<typeof manifestOf>[0],
  signer: NoteKey,
  folder: string,
  key: SecretKey | undefined,
): Promise<number> {
  const target = join(folder, 'reads.fastq');
  rmSync(target, { force: true });
  const began = performance.now();
  const manifest = await manifestOf(ask, signer);
  const source = key ? await sealedSource(ask, manifest, key) : plainSource(ask, manifest);
  await fetchFile({ ask, manifest, source, target, connections }, bar);
  return statSync(target).size / 2 ** 20 / ((performance.now() - began) / 1000);
}

/** Ranges of 4 KiB per second, sixteen at a time. */
async function manyRanges(address: string, headers: Record<string, string>): Promise<number> {
  let next = 0;
  const began = performance.now();
  const asker = async () => {
    while (next < ranges) {
      const from = ((next += 1) * 7919 * 4096) % (mib * 2 ** 19);
      const reply = await fetch(address, { headers: { ...headers, range: `bytes=${from}-${from + 4095}` } });
      if (reply.status !== 206) throw new Error(await reply.text());
      await reply.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: 16 }, asker));
  return ranges / ((performance.now() - began) / 1000);
}

async function best(once: () => Promise<number>): Promise<number> {
  let most = 0;
  for (let round = 0; round < rounds; round += 1) most = Math.max(most, await once());
  return most;
}
