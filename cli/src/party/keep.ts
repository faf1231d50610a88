import crypto, { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { nodeCrypto, type Crypto } from '@geneward/mpc';
import { z } from 'zod';
import type { Line } from './line.ts';
import type { Peer } from './mesh.ts';
import type { Policy } from './policy.ts';
import { PartyProblem } from './problem.ts';

const hex32 = z.string().regex(/^[0-9a-f]{64}$/);
const record = z.strictObject({
  /** What all randomness of the run came from. */
  seed: hex32,
  /** Where the hash chains of each line began, in both directions. */
  lines: z.array(z.strictObject({ partner: z.string(), sent: hex32, received: hex32 })),
});

/** What an owner keeps of a run so that an auditor can do it again. */
export interface Kept extends z.infer<typeof record> {
  /** Messages that a partner sent, in their order. */
  messages(partner: string): Buffer[];
}

const folderOf = (policy: Policy, hash: string): string => join(policy.records, 'replays', hash);

/** The randomness of a run, from one seed: AES-256-CTR under it. The same calls in the same order give the same bytes. */
export function cryptoFrom(seed: Uint8Array): Crypto {
  const stream = crypto.createCipheriv('aes-256-ctr', seed, Buffer.alloc(16));
  return { ...nodeCrypto(crypto), random: (length) => new Uint8Array(stream.update(Buffer.alloc(length))) };
}

export const freshSeed = (): Buffer => randomBytes(32);

/** Lines that also write down what arrives, with the seed of the run beside it; for the owner's eyes only. */
export function keepRun(
  policy: Policy,
  hash: string,
  seed: Uint8Array,
  peers: readonly Peer[],
): { peers: Peer[]; close: () => void } {
  const folder = folderOf(policy, hash);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lines = peers.map(({ name, link }) => ({
    partner: name,
    sent: link.sentChain.toString('hex'),
    received: link.receivedChain.toString('hex'),
  }));
  const seeded: z.infer<typeof record> = { seed: Buffer.from(seed).toString('hex'), lines };
  writeFileSync(join(folder, 'run.json'), JSON.stringify(seeded), { mode: 0o600 });
  const files = peers.map(({ name }) => openSync(join(folder, `${name}.messages`), 'w', 0o600));
  return {
    peers: peers.map(({ name, link }, at) => ({ name, link: keeping(link, files[at] ?? 0) })),
    close: () => files.forEach((file) => closeSync(file)),
  };
}

function keeping(link: Line, file: number): Line {
  return {
    send: (payload) => link.send(payload),
    async receive() {
      const payload = await link.receive();
      const length = Buffer.alloc(4);
      length.writeUInt32BE(payload.length);
      writeSync(file, length);
      writeSync(file, payload);
      return payload;
    },
    fail: (problem) => link.fail(problem),
    abort: (code, phase) => link.abort(code, phase),
    get sentChain() {
      return link.sentChain;
    },
    get receivedChain() {
      return link.receivedChain;
    },
    get sentBytes() {
      return link.sentBytes;
    },
    get receivedBytes() {
      return link.receivedBytes;
    },
  };
}

/** What was kept of the run of a job. Throws PartyProblem `no-replay`. */
export function keptRun(policy: Policy, hash: string): Kept {
  const folder = folderOf(policy, hash);
  try {
    const read = record.parse(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')));
    return {
      ...read,
      messages(partner) {
        const bytes = readFileSync(join(folder, `${partner}.messages`));
        const messages: Buffer[] = [];
        for (let at = 0; at < bytes.length;) {
          const length = bytes.readUInt32BE(at);
          messages.push(bytes.subarray(at + 4, at + 4 + length));
          at += 4 + length;
        }
        return messages;
      },
    };
  } catch {
    throw new PartyProblem('no-replay');
  }
}
