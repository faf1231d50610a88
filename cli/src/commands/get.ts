import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  fsyncSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { ApiProblem, filesRoutes, objectRoutes, type ArchiveObject, type Client, type ObjectLink } from '@geneward/api';
import { safeFileName, unsafeFileName } from '@geneward/metadata';
import type { Command } from 'commander';
import { action } from '../command.ts';
import { exit, isNetworkError, Stop } from '../exit.ts';
import { bytes, type Output } from '../output.ts';
import { itemsOf } from '../pages.ts';
import { eachOf, mapOf, showProgress, type Progress } from '../progress.ts';
import { wholeNumber } from './search.ts';

interface GetOptions {
  to: string;
  parallel: number;
  metadata?: boolean;
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
    .description('fetch an object’s files and all below it, resume, verify 下载文件（断点续传并校验）')
    .option('--to <folder>', 'where to 目标目录', '.')
    .option('--parallel <n>', 'files at once 并行数', wholeNumber(1, 16), 4)
    .option('--metadata', 'only say what there is 仅显示元数据')
    .action(
      action(async (tools, accession: string, options: GetOptions) => {
        const { output } = tools;
        const client = tools.client();
        const objects = await belowObject(client, accession, options, output);
        if (options.metadata) {
          output.result(objects, (list) =>
            list
              .map((object) => `${object.accession ?? object.alias}  ${object.type}  ${object.content?.title ?? ''}`)
              .join('\n'),
          );
          return exit.done;
        }
        const wanted = await filesOf(client, objects);
        if (wanted.length === 0) {
          throw new Stop(
            exit.refused,
            output.pick({
              en: `${accession} has no files that you may read.`,
              zh: `${accession} 没有您可以读取的文件。`,
            }),
          );
        }
        mkdirSync(options.to, { recursive: true });
        const progress = showProgress(output);
        try {
          await eachOf(wanted, options.parallel, (file) => fetchFile(client, file, options.to, progress, output));
        } finally {
          progress.close();
        }
        const total = wanted.reduce((sum, file) => sum + file.size, 0);
        output.result(
          { accession, files: wanted.map((file) => ({ ...file, path: join(options.to, file.path) })) },
          () =>
            output.pick({
              en: `${wanted.length} files, ${bytes(total)}, all verified by SHA-256.`,
              zh: `共 ${wanted.length} 个文件，${bytes(total)}，均已通过 SHA-256 校验。`,
            }),
        );
        return exit.done;
      }),
    );
}

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

/** Fetches one file beside its final name; what came before a break is kept and continued. */
async function fetchFile(
  client: Client,
  file: Wanted,
  folder: string,
  progress: Progress,
  output: Output,
): Promise<void> {
  const target = join(folder, file.path);
  mkdirSync(dirname(target), { recursive: true });
  if (existsSync(target) && statSync(target).size === file.size && (await digestOf(target)) === file.sha256) {
    progress.start(file.name, file.size, file.size).end(output.pick({ en: 'have it', zh: '已存在' }));
    return;
  }
  const partial = `${target}.${file.sha256.slice(0, 16)}.part`;
  const have = existsSync(partial) ? Math.min(statSync(partial).size, file.size) : 0;
  const bar = progress.start(file.name, file.size, have);
  for (let tries = 1; ; tries += 1) {
    try {
      await receive(client, file, partial, (by) => bar.advance(by));
      break;
    } catch (error) {
      const passing = isNetworkError(error) || (error instanceof ApiProblem && error.body.status === 503);
      if (!passing || tries === 8) throw error;
      await new Promise((done) => setTimeout(done, Math.min(1000 * 2 ** tries, 30_000)));
    }
  }
  if ((await digestOf(partial)) !== file.sha256) {
    rmSync(partial);
    throw new Stop(
      exit.refused,
      output.pick({
        en: `${file.name} did not arrive as it is in the archive; it was removed. Fetch it again.`,
        zh: `${file.name} 校验不一致，已删除，请重新下载。`,
      }),
    );
  }
  renameSync(partial, target);
  bar.end(output.pick({ en: 'verified', zh: '已校验' }));
}

async function receive(client: Client, file: Wanted, partial: string, advance: (by: number) => void): Promise<void> {
  const from = existsSync(partial) ? statSync(partial).size : 0;
  if (from === file.size) return;
  const response = await client.raw(filesRoutes.downloadFile, {
    params: { id: file.id },
    headers: from > 0 ? { range: `bytes=${from}-`, 'if-range': `"${file.sha256}"` } : {},
  });
  const handle = openSync(partial, from > 0 && response.status === 206 ? 'a' : 'w');
  try {
    for await (const chunk of Readable.fromWeb(response.body as never) as AsyncIterable<Uint8Array>) {
      for (let at = 0; at < chunk.length;) at += writeSync(handle, chunk, at);
      advance(chunk.length);
    }
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}
