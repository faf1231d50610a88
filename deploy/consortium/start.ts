import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cosigner, ed25519PublicKey, formatVerifierKey, keyTypes, toBase64 } from '@geneward/merkle';
import { createNetwork } from './network.ts';

/**
 * `node deploy/consortium/start.ts [FOLDER] [FIRST PORT]`: four validators on this machine, for trials. Keys are made in FOLDER,
 * which must be new; Ctrl-C ends all. Several machines: see docs/operate/consortium.md.
 */
const folder = resolve(process.argv[2] ?? '.geneward/consortium');
const firstPort = Number(process.argv[3] ?? 28_000);
const chainId = 'geneward-trial';
const names = ['institution-1', 'institution-2', 'institution-3', 'institution-4'];

if (existsSync(folder)) {
  console.error(`${folder} exists: a chain is begun once. Give a new folder. 目录已存在，请指定新目录。`);
  process.exit(1);
}
mkdirSync(folder, { recursive: true, mode: 0o700 });

function makeKey(file: string): Uint8Array {
  const seed = new Uint8Array(randomBytes(32));
  writeFileSync(join(folder, file), `${toBase64(seed)}\n`, { mode: 0o600, flag: 'wx' });
  return seed;
}

const institutions = names.map((id) => {
  const publicKey = ed25519PublicKey(makeKey(`${id}.member.key`));
  const seed = makeKey(`${id}.validator.key`);
  const { name } = cosigner(`${id}.example/validator`, seed);
  const key = formatVerifierKey({ name, type: keyTypes.cosignature, publicKey: ed25519PublicKey(seed) });
  return { id, publicKey, name, key, seedFile: join(folder, `${id}.validator.key`) };
});
const network = await createNetwork({
  folder: join(folder, 'nodes'),
  chainId,
  genesis: { members: institutions.map(({ id, publicKey, key }) => ({ id, publicKey, cosigner: key })) },
  cosigners: institutions,
  firstPort,
});
writeFileSync(
  join(folder, 'policy'),
  [
    ...institutions.map(({ id, key }) => `witness ${id} ${key}`),
    `group chain 3 ${names.join(' ')}`,
    'quorum chain',
    '',
  ].join('\n'),
);
await Promise.all(network.nodes.map((node) => node.start()));
console.log(`Chain ${chainId} runs. 联盟链已启动。`);
for (const node of network.nodes) console.log(`  ${node.name}  ${node.rpc}  ${node.home}/output.log`);
console.log(`Policy for receipts 回执验证策略: ${join(folder, 'policy')}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    network.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
