import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openSecretFile, readKeyFile, writeKeyFile, type KeyVersion, type Unlock } from './key-file.ts';
import type { KeyHolder } from './key-holder.ts';
import { keyService, suites, type KeyService } from './key-service.ts';
import { KeyProblem, type SuiteId } from './suite.ts';

export interface SealedKeysOptions {
  /** The directory of the installation; the keys lie in `keys` below it. */
  readonly data: string;
  readonly suite: SuiteId;
  readonly password?: string | undefined;
  /** Where the secret lies that opens the key file; by default beside it, made at first use. */
  readonly secretFile?: string | undefined;
  readonly now: () => Date;
}

const keysIn = (data: string): string => join(data, 'keys');
const pathOf = (folder: string, number: number) => join(folder, `storage-keys-${number}.json`);

/** The key service of an installation without one. */
export function sealedKeys(options: SealedKeysOptions): KeyService {
  return keyService(options.suite, sealedHolder(options));
}

/** Whether there is a key file, which then may have wrapped what is stored. */
export function hasKeyFile(data: string): boolean {
  return existsSync(pathOf(keysIn(data), 1));
}

/** Key versions in a sealed file, which several processes share. The first key is made at once when there is none. */
export function sealedHolder(options: SealedKeysOptions): KeyHolder {
  const folder = keysIn(options.data);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unlock: Unlock = options.password
    ? { password: options.password }
    : openSecretFile(options.secretFile ?? join(folder, 'storage-keys.secret'), options.secretFile === undefined);
  const file = keyFiles(folder, unlock);

  const add = (keys: readonly KeyVersion[], suite: SuiteId): KeyVersion[] => [
    ...keys,
    {
      ...suites[suite].newKeyPair(),
      suite,
      version: Math.max(0, ...keys.map(({ version }) => version)) + 1,
      madeAt: options.now().toISOString(),
    },
  ];
  const newest = (keys: readonly KeyVersion[], suite: SuiteId) => keys.findLast((key) => key.suite === suite);
  const currentKey = (suite: SuiteId): KeyVersion => {
    const key =
      newest(file.read(), suite) ??
      newest(
        file.change((keys) => (newest(keys, suite) ? keys : add(keys, suite))),
        suite,
      );
    if (!key) throw new Error(`no key of suite ${suite}`);
    return key;
  };
  const keyOf = (suite: SuiteId, version: number): KeyVersion => {
    const fits = (key: KeyVersion) => key.version === version && key.suite === suite;
    const key = file.known().find(fits) ?? file.read().find(fits);
    if (key) return key;
    throw new KeyProblem(
      'unknown_key',
      `No key of version ${version} here: restore the key file of this installation. 缺少版本 ${version} 的密钥。`,
    );
  };

  currentKey(options.suite);
  return {
    id: 'file',
    current: async (suite) => currentKey(suite).version,
    async wrap(suite, dataKeys) {
      const key = currentKey(suite);
      const by = suites[suite];
      const wrapped =
        dataKeys.length > 1 && by.wrapTogether
          ? by.wrapTogether(dataKeys, key)
          : dataKeys.map((dataKey) => by.wrap(dataKey, key));
      return wrapped.map((bytes) => ({ version: key.version, wrapped: bytes }));
    },
    unwrap: async (suite, keys) =>
      keys.map(({ version, wrapped }) => suites[suite].unwrap(wrapped, keyOf(suite, version))),
    rotate: async (suite) =>
      newest(
        file.change((keys) => add(keys, suite)),
        suite,
      )?.version ?? 0,
  };
}

/**
 * The key files of a folder: each change writes the next number, whole, and only one process can make it. So no change is lost,
 * and whether there is a newer one is a single look.
 */
function keyFiles(folder: string, unlock: Unlock) {
  let number = 0;
  let keys: readonly KeyVersion[] = [];
  const read = (): readonly KeyVersion[] => {
    let newest = number;
    while (existsSync(pathOf(folder, newest + 1))) newest += 1;
    if (newest > number) keys = readKeyFile(pathOf(folder, newest), unlock);
    number = newest;
    return keys;
  };
  return {
    read,
    known: () => keys,
    change(make: (keys: readonly KeyVersion[]) => readonly KeyVersion[]): readonly KeyVersion[] {
      for (;;) {
        const before = read();
        const after = make(before);
        if (after === before || writeKeyFile(pathOf(folder, number + 1), after, unlock)) return read();
      }
    },
  };
}
