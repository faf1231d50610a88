import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { filesRoutes, objectRoutes, type ArchiveObject, type Client, type ObjectLink } from '@geneward/api';
import type { NoteKey, SecretKey } from '@geneward/crypt4gh';
import { safeFileName, unsafeFileName } from '@geneward/metadata';
import type { Command } from 'commander';
import { action, type Tools } from '../command.ts';
import { ownKey } from '../crypt4gh/keys.ts';
import { saying } from '../crypt4gh/problem.ts';
import { exit, Stop } from '../exit.ts';
import { bytes, type Output } from '../output.ts';
import { itemsOf } from '../pages.ts';
import { eachOf, mapOf, showProgress, type Progress } from '../progress.ts';
import { archiveKey } from '../transfer/archive-key.ts';
import { DamagedSegment, fetchFile, isThere } from '../transfer/fetch.ts';
import { openLine, type Line } from '../transfer/line.ts';
import { manifestOf } from '../transfer/manifest.ts';
import { byteCount } from '../transfer/rate.ts';
import { downloadRights, type Rights } from '../transfer/rights.ts';
import { plainSource, sealedSource } from '../transfer/source.ts';
import { wholeNumber } from './search.ts';

interface GetOptions {
  to: string;
  parallel: number;
  metadata?: boolean;
  key?: string;
  limitRate?: number;
  trustNewKey?: boolean;
}

/** Questions about objects and files that are under way together. */
const questionsAtOnce = 8;

/** More than the largest study; what is kept of each object fits into memory. */
const mostObjects = 1_000_000;

type Tombstone = NonNullable<ArchiveObject['tombstone']>;

/** A file to fetch, as the archive describes it. */
interface Wanted {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  /** Where it goes, below the target folder. */
  readonly path: string;
}

export function get(program: Command): void {
  program
    .command('get <accession>')
    .description(
      'fetch an object’s files and all below it, resume, verify every segment 下载文件（断点续传并逐段校验）',
    )
    .option('--to <folder>', 'where to 目标目录', '.')
    .option(
      '--parallel <n>',
      'connections at once, over files and parts of large ones 并行连接数',
      wholeNumber(1, 16),
      4,
    )
    .option(
      '--key <path>',
      'have it sealed for this Crypt4GH key on the way, and open it here 以此 Crypt4GH 密钥加密传输并在本机解密',
    )
    .option('--limit-rate <rate>', 'bytes per second at most, as 800k or 20M 限速', byteCount)
    .option('--trust-new-key', 'the archive signs with another key now, and that is right 信任数据库的新签名公钥')
    .option('--metadata', 'only say what there is 仅显示元数据')
    .action(
      action(async (tools, accession: string, options: GetOptions) => {
        const { output } = tools;
        const line = openLine(tools, options.limitRate);
        try {
          const objects = await belowObject(line.api, accession, options, output);
          if (!options.metadata) return await getFiles(tools, line, { accession, objects, options });
          output.result(objects, (list) =>
            list
              .map((object) => `${object.accession ?? object.alias}  ${object.type}  ${object.content?.title ?? ''}`)
              .join('\n'),
          );
          return exit.done;
        } finally {
          line.close();
        }
      }),
    );
}

async function getFiles(
  { output, session }: Tools,
  line: Line,
  asked: { accession: string; objects: readonly ArchiveObject[]; options: GetOptions },
) {
  const { accession, objects, options } = asked;
  const wanted = await filesOf(line.api, objects);
  if (wanted.length === 0) {
    throw new Stop(
      exit.refused,
      output.pick({
        en: `${accession} has no files that you may read.`,
        zh: `${accession} 没有您可以读取的文件。`,
      }),
    );
  }
  const secret = options.key === undefined ? undefined : await saying(output, () => ownKey(options.key, output));
  mkdirSync(options.to, { recursive: true });
  const signer = await archiveKey(line, { trustNew: options.trustNewKey ?? false, output });
  const total = wanted.reduce((sum, file) => sum + file.size, 0);
  const rights = downloadRights(line, {
    signedIn: session().token !== undefined,
    files: wanted.map(({ id }) => id),
  });
  const progress = showProgress(output, { phase: 'fetch', files: wanted.length, bytes: total });
  const lanes = Math.max(1, Math.floor(options.parallel / Math.min(options.parallel, wanted.length)));
  try {
    await eachOf(wanted, options.parallel, (file) =>
      getFile({ line, signer, rights, secret, lanes, to: options.to, progress, output }, file),
    );
  } finally {
    progress.close();
  }
  output.result({ accession, files: wanted.map((file) => ({ ...file, path: join(options.to, file.path) })) }, () =>
    output.pick({
      en: `${wanted.length} files, ${bytes(total)}, every segment verified by the archive’s signature, SHA-256 and MD5 as well.`,
      zh: `共 ${wanted.length} 个文件，${bytes(total)}，均已按数据库签名逐段校验，SHA-256 与 MD5 一致。`,
    }),
  );
  return exit.done;
}

/** Fetches one file beside its final name; what came before a break is kept and gone on with. */
async function getFile(
  how: {
    line: Line;
    signer: NoteKey;
    rights: Rights;
    secret: SecretKey | undefined;
    lanes: number;
    to: string;
    progress: Progress;
    output: Output;
  },
  file: Wanted,
): Promise<void> {
  const { line, signer, rights, secret, lanes, to, progress, output } = how;
  const target = join(to, file.path);
  const bar = progress.start(file.name, file.size);
  const ask = { line, id: file.id, headers: () => rights.headers(file.id), mend: rights.mend };
  const note = await saying(output, async () => {
    const manifest = await manifestOf(ask, signer);
    if (await isThere(target, manifest)) return { en: 'have it', zh: '已存在' };
    const source = secret ? await sealedSource(ask, manifest, secret) : plainSource(ask, manifest);
    await fetchFile({ ask, manifest, source, target, connections: lanes }, bar);
    return { en: 'verified', zh: '已校验' };
  }).catch((error: unknown) => {
    if (!(error instanceof DamagedSegment)) throw error;
    throw new Stop(exit.refused, damaged(file, error, output), 'segment_damaged');
  });
  bar.end(output.pick(note));
}

const damaged = ({ name }: Wanted, { segment }: DamagedSegment, output: Output) =>
  output.pick({
    en: `${name}: segment ${segment} did not come as the archive has signed it, however often it was asked for. What is right was kept. Try again later, and tell the archive.`,
    zh: `${name}：第 ${segment} 段多次下载均与数据库签名不符。正确的部分已保留。请稍后重试，并告知数据库方。`,
  });

/** An object and what stands on it, as the runs of a project, a sample or an experiment: for its files only what has some. */
async function belowObject(
  client: Client,
  accession: string,
  options: Pick<GetOptions, 'metadata'>,
  output: Output,
): Promise<ArchiveObject[]> {
  const root = await client.call(objectRoutes.getObject, { params: { object: accession }, query: {} });
  if (root.tombstone) throw new Stop(exit.refused, epitaph(accession, root.tombstone, output));
  const below = await itemsOf(mostObjects, (query) =>
    client.call(objectRoutes.objectsBelow, {
      params: { object: accession },
      query: { ...query, ...(!options.metadata && { files: 'true' }) },
    }),
  );
  const read = ({ id }: ObjectLink) => client.call(objectRoutes.getObject, { params: { object: id }, query: {} });
  return [root, ...(await mapOf(below, questionsAtOnce, read))];
}

function epitaph(accession: string, { reason, replacedBy }: Tombstone, output: Output): string {
  const instead = replacedBy.join(', ');
  return output.pick({
    en: `${accession} was withdrawn: ${reason}${instead && `. In its place: ${instead}`}`,
    zh: `${accession} 已撤回：${reason}${instead && `。替代对象：${instead}`}`,
  });
}

async function filesOf(client: Client, objects: readonly ArchiveObject[]): Promise<Wanted[]> {
  const named = new Map(
    objects.flatMap((object) =>
      (object.content?.files ?? []).flatMap(({ id, name }) =>
        id ? [[id, { id, name, object: object.accession ?? object.alias }] as const] : [],
      ),
    ),
  );
  const found = await mapOf([...named.values()], questionsAtOnce, async (file) => {
    const { size, sha256 } = await client.call(filesRoutes.getFile, { params: { id: file.id } });
    return size !== undefined && sha256 ? [{ ...file, size, sha256 }] : [];
  });
  const files = found.flat();
  const paths = placed(files);
  return files.map((file, index) => ({ ...file, path: paths[index] ?? file.id }));
}

/**
 * Where files go below the folder: by their names, and files of several objects that share one name (as a file system that
 * does not tell cases apart sees it) into a folder for each object.
 */
export function placed(files: readonly { name: string; object: string }[]): string[] {
  const plain = (name: string) => (unsafeFileName(name) ? safeFileName(name) : name);
  const key = (name: string) => plain(name).normalize('NFC').toLowerCase();
  const count = Map.groupBy(files, (file) => key(file.name));
  return files.map(({ name, object }) =>
    (count.get(key(name))?.length ?? 0) > 1 ? join(plain(object), plain(name)) : plain(name),
  );
}
