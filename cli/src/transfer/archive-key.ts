import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesRoutes } from '@geneward/api';
import type { NoteKey } from '@geneward/crypt4gh';
import { exit, Stop } from '../exit.ts';
import type { Output } from '../output.ts';
import { settingsFolder } from '../session.ts';
import type { Line } from './line.ts';
import { persist } from './persist.ts';

type Kept = Readonly<Record<string, { readonly name: string; readonly publicKey: string }>>;

const path = () => join(settingsFolder(), 'archive-keys.json');
const kept = (): Kept => (existsSync(path()) ? (JSON.parse(readFileSync(path(), 'utf8')) as Kept) : {});

/**
 * The key by which an archive signs its manifests: the one that was met first is the one that counts. Another one is refused until
 * somebody who has asked the archive says that it is right.
 */
export async function archiveKey(
  { api, server, mend }: Pick<Line, 'api' | 'server' | 'mend'>,
  { trustNew, output }: { trustNew: boolean; output: Output },
): Promise<NoteKey> {
  const now = await persist(() => api.call(filesRoutes.getManifestKey, {}), { mend });
  const before = kept()[server];
  if (before && !trustNew && (before.name !== now.name || before.publicKey !== now.publicKey))
    throw new Stop(
      exit.refused,
      output.pick({
        en: `${server} signs with another key than before (${now.name} ${now.publicKey}). Ask the archive whether that is right; then fetch with --trust-new-key.`,
        zh: `${server} 的签名公钥与此前不同（${now.name} ${now.publicKey}）。请向数据库方核实，确认无误后使用 --trust-new-key 下载。`,
      }),
      'archive_key_changed',
    );
  if (!before || trustNew) keep({ ...kept(), [server]: now });
  return { name: now.name, publicKey: Buffer.from(now.publicKey, 'base64') };
}

function keep(keys: Kept): void {
  mkdirSync(settingsFolder(), { recursive: true, mode: 0o700 });
  const partial = `${path()}.${process.pid}`;
  writeFileSync(partial, JSON.stringify(keys, undefined, 1), { mode: 0o600 });
  renameSync(partial, path());
}
