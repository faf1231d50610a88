import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readKeyHeader, writeKeyHeader } from './header.ts';
import { openSecretFile, readKeyFile, writeKeyFile, type KeyVersion, type Unlock } from './key-file.ts';
import type { KeyService } from './key-service.ts';
import { suiteA } from './suite-a.ts';
import { suiteG } from './suite-g.ts';
import { KeyProblem, type Suite, type SuiteId } from './suite.ts';

const suites: Readonly<Record<SuiteId, Suite>> = { A: suiteA, G: suiteG };

export interface SealedKeysOptions {
  /** The directory of the installation; the keys lie in `keys` below it. */
  readonly data: string;
  readonly suite: SuiteId;
  readonly password?: string | undefined;
  /** Where the secret lies that opens the key file; by default beside it, made at first use. */
  readonly secretFile?: string | undefined;
  readonly now: () => Date;
}

/** The key service of an installation without one: key versions in a sealed file, which several processes share. */
export function sealedKeys(options: SealedKeysOptions): KeyService {
  const folder = join(options.data, 'keys');
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
  const wrapping = (suite: SuiteId, dataKey: Uint8Array) => {
    const key = currentKey(suite);
    return writeKeyHeader({ suite, version: key.version, wrapped: suites[suite].wrap(dataKey, key) });
  };
  const opened = (header: Uint8Array) => {
    const { suite, version, wrapped } = readKeyHeader(header);
    const fits = (key: KeyVersion) => key.version === version && key.suite === suite;
    const key = file.known().find(fits) ?? file.read().find(fits);
    if (!key)
      throw new KeyProblem(
        'unknown_key',
        `No key of version ${version} here: restore the key file of this installation. 缺少版本 ${version} 的密钥。`,
      );
    return { suite: suites[suite], dataKey: suites[suite].unwrap(wrapped, key) };
  };

  currentKey(options.suite);
  return {
    current: async (suite) => currentKey(suite).version,
    async newKey() {
      const suite = suites[options.suite];
      const dataKey = suite.newDataKey();
      return { suite, dataKey, header: wrapping(suite.id, dataKey) };
    },
    open: async (header) => opened(header),
    async rewrap(header) {
      const { suite, dataKey } = opened(header);
      return wrapping(suite.id, dataKey);
    },
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
  const pathOf = (number: number) => join(folder, `storage-keys-${number}.json`);
  let number = 0;
  let keys: readonly KeyVersion[] = [];
  const read = (): readonly KeyVersion[] => {
    let newest = number;
    while (existsSync(pathOf(newest + 1))) newest += 1;
    if (newest > number) keys = readKeyFile(pathOf(newest), unlock);
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
        if (after === before || writeKeyFile(pathOf(number + 1), after, unlock)) return read();
      }
    },
  };
}
