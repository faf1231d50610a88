import { randomBytes } from 'node:crypto';
import type { KeyHolder, WrappedKey } from './key-holder.ts';
import { openModule, type Module, type Pkcs11Options } from './pkcs11-module.ts';
import { KeyProblem } from './suite.ts';

const ivSize = 12;
/** Which key of the token: the version of the header and random bytes, so that two rotations at once never meet in one name. */
const idSize = 16;

/**
 * Key-encryption keys in a hardware module (PKCS#11 2.40): AES-256 keys of one label, made in the token and never out of it.
 * A wrapped key is the id of the key, a random nonce, and AES-256-GCM over the data key, with the suite as associated data.
 */
export function pkcs11Holder(options: Pkcs11Options): KeyHolder {
  let opened: Promise<Module> | undefined;
  const module = (): Promise<Module> => {
    opened ??= openModule(options).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  const newestId = async (): Promise<Buffer> => {
    const token = await module();
    const [newest] = (await token.keyIds()).toSorted((a, b) => Buffer.compare(b, a));
    return newest ?? (await make(token, 1));
  };
  const make = async (token: Module, version: number): Promise<Buffer> => {
    const id = Buffer.concat([uint32(version), randomBytes(idSize - 4)]);
    await token.makeKey(id);
    return id;
  };
  const versionOf = (id: Buffer): number => id.readUInt32BE(0);
  return {
    id: 'pkcs11',
    current: async () => versionOf(await newestId()),
    async wrap(suite, dataKeys) {
      const id = await newestId();
      const token = await module();
      return Promise.all(
        dataKeys.map(async (dataKey): Promise<WrappedKey> => {
          const iv = randomBytes(ivSize);
          const sealed = await token.encrypt(id, { iv, aad: aadOf(suite) }, dataKey);
          return { version: versionOf(id), wrapped: Buffer.concat([id, iv, sealed]) };
        }),
      );
    },
    async unwrap(suite, keys) {
      const token = await module();
      return Promise.all(
        keys.map(async ({ version, wrapped }) => {
          const bytes = Buffer.from(wrapped);
          const id = bytes.subarray(0, idSize);
          if (bytes.length <= idSize + ivSize || versionOf(id) !== version)
            throw new KeyProblem('wrong_key', 'The header was altered: it names two key versions.');
          const iv = bytes.subarray(idSize, idSize + ivSize);
          return token.decrypt(id, { iv, aad: aadOf(suite) }, bytes.subarray(idSize + ivSize));
        }),
      );
    },
    async rotate() {
      const token = await module();
      const version = versionOf(await newestId()) + 1;
      await make(token, version);
      return version;
    },
  };
}

const aadOf = (suite: string): Buffer => Buffer.from(`geneward:${suite}`, 'ascii');

function uint32(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
}
