import { openSync, closeSync, writeSync, existsSync } from 'node:fs';
import {
  decryptRange,
  decryptSegments,
  openHeader,
  Reader,
  readHeader,
  readPublicKey,
  rearrange,
  reencryptHeader,
  sealedSegmentSize,
  segmentsOf,
  startEncryption,
  twoArrays,
  wantedSpans,
  type Bytes,
  type Decryption,
} from '@geneward/crypt4gh';
import { Option, type Command } from 'commander';
import { keygen, type KeygenOptions } from '../crypt4gh/keygen.ts';
import { crypto, expand, ownKey, readKeyFile, recipients } from '../crypt4gh/keys.ts';
import { saying } from '../crypt4gh/problem.ts';
import { parseRange } from '../crypt4gh/range.ts';
import { inLanes } from '../crypt4gh/lanes.ts';
import {
  bytesOf,
  fileOf,
  headerOf,
  passOver,
  standardInput,
  toStandardOutput,
  type Input,
} from '../crypt4gh/streams.ts';
import { exit, Stop } from '../exit.ts';
import { offline } from '../offline.ts';
import type { Output } from '../output.ts';

interface Options {
  readonly sk?: string;
  readonly recipient_pk?: string[];
  readonly sender_pk?: string;
  readonly range?: string;
  readonly header?: string;
  readonly trim?: boolean;
  readonly headerOnly?: boolean;
}

const several = (path: string, before: string[] | undefined): string[] => [...(before ?? []), path];

/** The options and streams of the reference command line, so that `alias crypt4gh='geneward crypt4gh'` is enough. */
export function crypt4gh(program: Command): void {
  const group = program
    .command('crypt4gh')
    .description('encrypt and decrypt in the GA4GH format, as the reference command line does 加密与解密')
    .version('GA4GH cryptographic utilities (geneward)', '-v, --version')
    .option('--log <file>', 'accepted and not used 兼容选项，不使用');
  const verb = (name: string, description: string) => group.command(name).description(description);
  const sk = ['--sk <keyfile>', 'secret key (C4GH_SECRET_KEY) 私钥'] as const;
  const to = ['--recipient_pk <path>', 'public key of a reader; may be repeated 接收者公钥，可重复', several] as const;
  const range = ['--range <start-end>', 'bytes of the plain text, as the reference counts them 明文字节范围'] as const;
  // The reference takes options before the verb as well.
  const early = [
    sk,
    ['--sender_pk <path>'],
    ['--range <start-end>'],
    ['--header <path>'],
    ['-t, --trim'],
    ['--header-only'],
  ];
  for (const [flags = ''] of early) group.addOption(new Option(flags).hideHelp());
  group.addOption(new Option(to[0]).argParser(several).hideHelp());
  const run = (work: (options: Options, output: Output) => Promise<void>) =>
    offline(async (output, _, late: Options) => {
      const before = group.opts<Options>();
      const readers = [...(before.recipient_pk ?? []), ...(late.recipient_pk ?? [])];
      return saying(output, () => work({ ...before, ...late, recipient_pk: readers }, output));
    });

  verb('keygen', 'make a key pair, or lock a secret key anew 生成密钥对或更换口令')
    .option('--sk <keyfile>', 'secret key (C4GH_SECRET_KEY, else ~/.c4gh/key) 私钥')
    .option('--pk <keyfile>', 'public key (C4GH_PUBLIC_KEY, else ~/.c4gh/key.pub) 公钥')
    .option('-C <comment>', 'comment in the secret key 注释')
    .option('--nocrypt', 'no passphrase 不设口令')
    .option('-f', 'overwrite files that exist 覆盖已有文件')
    .option('--relock', 'a new passphrase for a secret key 更换口令')
    .action(
      offline(async (output, _, late: KeygenOptions) =>
        saying(output, () => keygen({ ...group.opts<KeygenOptions>(), ...late }, output)),
      ),
    );
  verb(
    'archive-key',
    'the key of the archive, to encrypt files for before they are sent 获取用于上传前加密的本库公钥',
  ).action(async (_, command: Command) => {
    const { archiveKey } = await import('../crypt4gh/archive-key.ts');
    return archiveKey(command);
  });
  verb('encrypt', 'standard input to standard output, for readers 加密')
    .option(...sk)
    .option(...to)
    .option(...range)
    .option('--header <path>', 'write the header there, only data to standard output 头部另存')
    .action(run(encryptInput));
  verb('decrypt', 'standard input to standard output 解密')
    .option(...sk)
    .option('--sender_pk <path>', 'only from the sender with this public key 只接受该发送方')
    .option(...range)
    .action(run(decryptInput));
  verb('rearrange', 'cut out a range without decrypting 不解密而截取范围')
    .option(...sk)
    .option(...range)
    .action(run(rearrangeInput));
  verb('reencrypt', 'a new header for other readers; the data is copied 为其他接收者更换头部')
    .option(...sk)
    .option(...to)
    .option('-t, --trim', 'drop header packets that are not yours 去除他人的数据包')
    .option('--header-only', 'the input is a header alone 仅处理头部')
    .action(run(reencryptInput));
}

async function encryptInput(options: Options, output: Output): Promise<void> {
  const { start, end = Infinity } = parseRange(options.range, output);
  const named = options.sk ?? process.env['C4GH_SECRET_KEY'];
  const writer = named ? await ownKey(options.sk, output) : undefined;
  const { header, dataKey } = startEncryption(crypto, {
    readers: recipients(options.recipient_pk ?? [], output),
    writer,
  });
  const input = standardInput();
  if (options.header === undefined) await toStandardOutput([header]);
  else saveHeader(options.header, header);
  if (input.start === undefined && !passOver(input.descriptor, start)) return;
  const from = {
    descriptor: input.descriptor,
    position: input.start === undefined ? undefined : input.start + start,
    length: end - start,
  };
  await inLanes(
    { work: { verb: 'encrypt', dataKey }, from, to: 1 },
    { size: Math.min(input.size - start, end - start) },
  );
}

async function decryptInput(options: Options, output: Output): Promise<void> {
  const sender = options.sender_pk === undefined ? undefined : senderKey(options.sender_pk, output);
  const range = parseRange(options.range, output);
  const opening = { keys: [await ownKey(options.sk, output)], sender };
  const input = standardInput();
  const { header, behind } = await headerOf(input);
  const { dataKeys, editList } = openHeader(crypto, header, opening);
  const [span, ...others] = wantedSpans(editList, range);
  if (span === undefined) return;
  // Of a file with many edits only what they keep is read.
  if (others.length > 0) return toStandardOutput(decryptEdited(input, { header, behind }, { ...opening, range }));

  const { first, end } = segmentsOf(span);
  const passed = first * sealedSegmentSize;
  const length = (end - first) * sealedSegmentSize;
  const { descriptor, start } = input;
  const position = start === undefined ? undefined : start + header.length + passed;
  if (start === undefined && !passOver(descriptor, passed - behind.length)) return;
  await inLanes(
    { work: { verb: 'decrypt', dataKeys, span }, from: { descriptor, position, length }, to: 1 },
    { size: Math.min(input.size - header.length - passed, length), carried: behind.subarray(passed) },
  );
}

function decryptEdited(
  input: Input,
  { header, behind }: Awaited<ReturnType<typeof headerOf>>,
  options: Decryption,
): Bytes {
  const opening = { ...options, allocate: twoArrays() };
  const file = fileOf(input);
  if (file) return decryptRange(crypto, file, opening);
  const opened = openHeader(crypto, header, options);
  const rest = function* () {
    yield behind;
    yield* bytesOf(input);
  };
  return decryptSegments(crypto, new Reader(rest()), opened, wantedSpans(opened.editList, options.range), opening);
}

async function rearrangeInput(options: Options, output: Output): Promise<void> {
  if (options.range === undefined)
    throw new Stop(exit.usage, output.pick({ en: 'Give a range: --range.', zh: '请用 --range 指定范围。' }));
  const range = parseRange(options.range, output);
  const key = await ownKey(options.sk, output);
  const source = bytesOf(standardInput());
  await toStandardOutput(rearrange(crypto, source, { keys: [key], writer: key, readers: [key.publicKey], range }));
}

async function reencryptInput(options: Options, output: Output): Promise<void> {
  const key = await ownKey(options.sk, output);
  const readers = recipients(options.recipient_pk ?? [], output);
  const reader = new Reader(bytesOf(standardInput()));
  const header = await readHeader(reader);
  const to = { writer: key, readers, trim: options.trim === true };
  await toStandardOutput([reencryptHeader(crypto, header, { keys: [key] }, to)]);
  if (options.headerOnly !== true) await toStandardOutput(rest(reader));
  await reader.close();
}

async function* rest(reader: Reader): AsyncGenerator<Uint8Array> {
  for (;;) {
    const bytes = await reader.some(Infinity);
    if (bytes.length === 0) return;
    yield bytes;
  }
}

function senderKey(path: string, output: Output): Uint8Array {
  if (existsSync(expand(path))) return readPublicKey(readKeyFile(expand(path)));
  throw new Stop(exit.faults, output.pick({ en: `No such public key: ${path}`, zh: `找不到公钥：${path}` }));
}

function saveHeader(path: string, header: Uint8Array): void {
  const file = openSync(path, 'w');
  try {
    for (let at = 0; at < header.length;) at += writeSync(file, header, at);
  } finally {
    closeSync(file);
  }
}
