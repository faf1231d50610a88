import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { dropFoldersText } from './drop-folders.ts';
import { holderIds } from './keys/header.ts';
import { suiteIds } from './keys/suite.ts';
import { placementText } from './storage/placement.ts';

const days = (n: number) => z.coerce.number().int().min(0).max(3650).default(n);
const flag = (value: boolean) =>
  z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]).default(value);
const mib = 1024 * 1024;

/**
 * Every setting of an installation. A key `http.port` is `http: {port}` in the file and `GENEWARD_HTTP_PORT` in the environment;
 * the environment wins. Sizes are bytes, durations are named in the key.
 */
export const configSchema = z.strictObject({
  /** Directory of everything that an installation without outside services keeps. */
  data: z.string().min(1).default('.geneward'),
  /** Name of the institution as pages and citations show it. */
  name: z.string().min(1).max(200).default('Geneward'),
  http: z
    .strictObject({
      /** Address to listen on; 127.0.0.1 is reached from this machine only. */
      host: z.string().default('127.0.0.1'),
      /** TCP port; 0 takes a free one. */
      port: z.coerce.number().int().min(0).max(65_535).default(8470),
      /** Address that people and links use; needed behind a proxy. */
      publicUrl: z.url().optional(),
      /** Addresses of proxies whose X-Forwarded-For is believed, separated by commas. */
      trustedProxies: z.string().default(''),
      /** A JSON body must have arrived after this long. */
      requestTimeoutSeconds: z.coerce.number().int().min(5).max(3600).default(60),
      /** An upload that sends nothing for this long is given up. */
      uploadIdleSeconds: z.coerce.number().int().min(1).max(3600).default(60),
      /** A request that is sent again with its `Idempotency-Key` gets its first answer for this long. */
      idempotencyDays: z.coerce.number().int().min(1).max(365).default(7),
      /** When it is set, `/metrics` answers only to `Authorization: Bearer` with it. */
      metricsToken: z
        .string()
        .regex(/^[\x21-\x7e]{16,200}$/, '16 to 200 visible ASCII characters')
        .optional(),
      /** A stopping server gives requests under way this long; then it closes their connections. */
      stopSeconds: z.coerce.number().int().min(1).max(3600).default(60),
    })
    .prefault({}),
  database: z
    .strictObject({
      /** Empty: the embedded PostgreSQL in `data`. */
      url: z.string().optional(),
      /** Owner of the tables, for migrations; so that the application's own login cannot alter the audit trail. */
      ownerUrl: z.string().optional(),
      /** Port of the embedded server; 0 takes a free one. */
      port: z.coerce.number().int().min(0).max(65_535).default(0),
      /** Connections to the database of one process. */
      poolSize: z.coerce.number().int().min(2).max(200).default(16),
    })
    .prefault({}),
  work: z
    .strictObject({
      /** Whether `serve` also runs jobs. */
      inline: flag(true),
      /** Jobs at once in one process. */
      concurrency: z.coerce.number().int().min(1).max(64).default(2),
    })
    .prefault({}),
  log: z
    .strictObject({
      /** Least level that is logged. */
      level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    })
    .prefault({}),
  identity: z
    .strictObject({
      /** `asvs`: long passwords without composition rules; `mlps`: the rules of China’s multi-level protection scheme. */
      passwordProfile: z.enum(['asvs', 'mlps']).default('asvs'),
      /** A session ends when nothing was asked for this long. */
      sessionIdleMinutes: z.coerce.number().int().min(1).max(1440).default(60),
      /** A session ends after this long in any case. */
      sessionHours: z.coerce.number().int().min(1).max(720).default(12),
      /** A token may be renewed until so long after the first of its line was issued; then its owner must sign in again. */
      tokenRenewalDays: z.coerce.number().int().min(1).max(3650).default(180),
      /** How long an invitation or reset link is good. */
      invitationDays: days(7),
    })
    .prefault({}),
  archive: z
    .strictObject({
      /** First letters of every accession: `GW` gives GWP0000001. */
      accessionPrefix: z
        .string()
        .regex(/^[A-Z]{2,6}$/, 'two to six capital letters')
        .default('GW'),
      /** A release date lies at most so far ahead. */
      releaseHorizonDays: days(730),
      /** The owner is reminded so long before a release. */
      releaseReminderDays: days(15),
      /** An uploaded file that no object claims is removed after this long. */
      unclaimedUploadDays: days(60),
      /** Its owner is warned so long before. */
      unclaimedWarningDays: days(7),
    })
    .prefault({}),
  ledger: z
    .strictObject({
      /** Name of the log for ever, like `archive.example.org/log`. Empty: made from the log's key. It counts at the first start only. */
      origin: z
        .string()
        .regex(/^[a-z0-9][a-z0-9./:_-]{2,199}$/, 'lower-case letters, digits and ./:_-')
        .optional(),
      /** A checkpoint is signed this often, when there is something new. */
      checkpointSeconds: z.coerce.number().min(0.1).max(60).default(2),
      /** Directory of the log's tiles and bundles; processes on several machines share it. Empty: `ledger/files` in `data`. */
      files: z.string().optional(),
      /** File that names witnesses, their addresses and the quorum (C2SP tlog-policy). Empty: no witnesses, so level L0 only. */
      policy: z.string().optional(),
    })
    .prefault({}),
  chain: z
    .strictObject({
      /** Id of the consortium chain that heads of the log are handed to. Empty: none, so no level L2. */
      id: z.string().min(1).max(50).optional(),
      /** Addresses of the chain's nodes (JSON-RPC), separated by commas, the own one first. Each validator is asked for its word. */
      nodes: z.string().optional(),
      /** Id of the institution as a member of the chain. */
      member: z.string().optional(),
      /** File with the member's secret key, as `geneward-chain key` writes it. */
      keyFile: z.string().optional(),
      /** The newest head is handed in this often. */
      seconds: z.coerce.number().min(0.5).max(3600).default(5),
      /** Address of an EVM node (JSON-RPC) where heads are laid down as well. Empty: none, so no level L3. */
      evmNode: z.url().optional(),
      /** Address of the contract `CheckpointRegistry` there. */
      evmContract: z.string().optional(),
      /** File with the secret key of the account that speaks for the log: `0x` and 64 hexadecimal digits. */
      evmKeyFile: z.string().optional(),
      /** A head is laid down there this often, since each costs. */
      evmMinutes: z.coerce.number().min(0.05).max(10_080).default(60),
    })
    .prefault({}),
  limits: z
    .strictObject({
      /** Largest JSON body. */
      bodyBytes: z.coerce.number().int().min(1024).default(mib),
      /** Largest sheet. */
      sheetBytes: z.coerce
        .number()
        .int()
        .min(1024)
        .default(256 * mib),
      /** Most rows of a sheet. */
      sheetRows: z.coerce.number().int().min(1).default(1_000_000),
      /** Longest cell of a sheet. */
      cellCharacters: z.coerce.number().int().min(100).default(100_000),
      /** Largest file. */
      fileBytes: z.coerce
        .number()
        .int()
        .min(1024)
        .default(1024 ** 4),
      /** Requests of one person, or of one address without sign-in, per minute and process. */
      requestsPerMinute: z.coerce.number().int().min(10).default(3000),
    })
    .prefault({}),
  download: z
    .strictObject({
      /** A download token is good for so long at most. */
      tokenDays: z.coerce.number().int().min(1).max(365).default(14),
      /** Ranges that one right (a download token, else a person, else an address) may ask for in a minute; 0: no limit. */
      requestsPerMinute: z.coerce.number().int().min(0).default(0),
      /** Bytes after which the next range under a right has to wait for the next minute; 0: no limit. */
      bytesPerMinute: z.coerce.number().int().min(0).default(0),
      /** How many times a right delivers the same file, and a tenth more for what is repeated; 0: no limit. */
      copies: z.coerce.number().int().min(0).max(1_000_000).default(0),
    })
    .prefault({}),
  keys: z
    .strictObject({
      /** Algorithms for new objects. `A`: X25519, ChaCha20-Poly1305, SHA-256 (Crypt4GH); `G`: SM2, SM3, SM4. */
      suite: z.enum(suiteIds).default('A'),
      /** Password that seals the file of storage keys; empty: the secret file does. */
      password: z.string().min(12, 'at least 12 characters').optional(),
      /** File with 64 hexadecimal digits, mode 0600, that seals the file of storage keys; empty: one is made in `data/keys`. */
      secretFile: z.string().optional(),
      /** Who holds the storage keys: the sealed file, a hardware module (`pkcs11`), or the transit engine of OpenBao or Vault. */
      holder: z.enum(holderIds).default('file'),
      /** Library of the hardware module. */
      pkcs11Module: z.string().optional(),
      /** Label of the token in the module. */
      pkcs11Token: z.string().optional(),
      /** File with the PIN of the token's user, mode 0600. */
      pkcs11PinFile: z.string().optional(),
      /** Label of the keys in the token; the first one is made when there is none. */
      pkcs11Label: z.string().min(1).max(32).default('geneward'),
      /** Address of the key service, without `/v1`. */
      transitUrl: z.url().optional(),
      /** File with the token for the key service; it is read again whenever it changes. */
      transitTokenFile: z.string().optional(),
      /** Where its transit engine is mounted. */
      transitMount: z.string().min(1).default('transit'),
      /** Name of the key there. */
      transitKey: z
        .string()
        .regex(/^[\w.-]{1,100}$/, 'letters, digits and ._-')
        .default('geneward'),
      /** Namespace of the key service, where it has such. */
      transitNamespace: z.string().optional(),
      /** One request to the key service takes at most this long. */
      transitTimeoutSeconds: z.coerce.number().int().min(1).max(60).default(5),
    })
    .prefault({}),
  storage: z
    .strictObject({
      /** Which stores hold the copies of what: `files=main+mirror, *=main`. Stores are `main` (in `data`), `mirror` and `s3`. */
      placement: placementText.default('*=main'),
      /** So many copies must be on disk before a file counts as received; the scrub makes those that failed. */
      copiesNeeded: z.coerce.number().int().min(1).max(8).default(1),
      /** Directory of the store `mirror`, best on another disk. */
      mirror: z.string().optional(),
      /** Address of an S3-compatible store; empty with a bucket: that of Amazon for the region. */
      s3Endpoint: z.url().optional(),
      /** Bucket of the store `s3`. */
      s3Bucket: z.string().optional(),
      /** Region of the bucket. */
      s3Region: z.string().default('us-east-1'),
      /** Access key; empty: what the AWS environment gives. */
      s3AccessKey: z.string().optional(),
      /** Secret to the access key. */
      s3SecretKey: z.string().optional(),
      /** Address at which senders reach the bucket, to bring encrypted files there themselves. Empty: they may not. */
      s3Senders: z.url().optional(),
      /** A store `s3` that says nothing for so long in the middle of a request has gone; the request is tried three times. */
      s3SilenceSeconds: z.coerce.number().int().min(1).max(600).default(60),
      /** Every copy is read again, and mended, within this time. */
      scrubDays: z.coerce.number().int().min(1).max(3650).default(90),
    })
    .prefault({}),
  sftp: z
    .strictObject({
      /** TCP port of the SFTP inbox; empty: it is closed. */
      port: z.coerce.number().int().min(0).max(65_535).optional(),
      /** Address that it listens on; 127.0.0.1 is reached from this machine only. */
      host: z.string().default('127.0.0.1'),
    })
    .prefault({}),
  drop: z
    .strictObject({
      /** Watched folders: `alice@example.org=/cluster/alice/out, …`. What lies whole in one goes to the inbox of its person. */
      folders: dropFoldersText.default(''),
      /** A file without a `.done`, `.md5` or `.sha256` file beside it is whole when nothing has changed it for so long. */
      settleSeconds: z.coerce.number().int().min(0).max(86_400).default(60),
    })
    .prefault({}),
  virus: z
    .strictObject({
      /** Directory in which sources of virus genomes of the kind `folder` lie. Empty: there are none. */
      folder: z.string().optional(),
      /** Hosts that genomes may be fetched from, `feed.example.org, partner.example.org:8443`. Empty: none. */
      hosts: z.string().default(''),
    })
    .prefault({}),
  mail: z
    .strictObject({
      /** `smtp://user:password@host:port`; empty: notices stay inside the platform. */
      url: z.string().optional(),
      /** Sender of notices. */
      from: z.string().default('geneward@localhost'),
    })
    .prefault({}),
});
export type Config = z.infer<typeof configSchema>;

/** Says which key is wrong, where it came from and what it may be. */
export class ConfigError extends Error {
  readonly code = 'invalid_config';
  readonly faults: readonly { key: string; from: string; message: string }[];
  constructor(faults: readonly { key: string; from: string; message: string }[]) {
    super(`Configuration / 配置有误:\n${faults.map((f) => `  ${f.key} (${f.from}): ${f.message}`).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/**
 * Reads settings from `geneward.yaml` (or the file named by GENEWARD_CONFIG) and the environment.
 * Throws {@link ConfigError} naming every unknown or wrong key.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, cwd: string): Config {
  const file = env['GENEWARD_CONFIG'] ? resolve(cwd, env['GENEWARD_CONFIG']) : resolve(cwd, 'geneward.yaml');
  const fromFile = readFile(file, Boolean(env['GENEWARD_CONFIG']));
  const { values, sources, faults } = fromEnvironment(env);
  const merged = merge(fromFile, values);
  const parsed = configSchema.safeParse(merged);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const names = issue.code === 'unrecognized_keys' ? issue.keys : [''];
      for (const name of names) {
        const key = [...issue.path.map(String), name].filter(Boolean).join('.');
        faults.push({
          key,
          from: sources.get(key) ?? file,
          message: name ? 'unknown key 未知的配置项' : issue.message,
        });
      }
    }
  }
  if (faults.length > 0) throw new ConfigError(faults);
  const config = configSchema.parse(merged);
  return { ...config, data: isAbsolute(config.data) ? config.data : resolve(cwd, config.data) };
}

function readFile(file: string, required: boolean): Record<string, unknown> {
  if (!existsSync(file)) {
    if (required) throw new ConfigError([{ key: 'GENEWARD_CONFIG', from: file, message: 'no such file 文件不存在' }]);
    return {};
  }
  try {
    const content: unknown = parse(readFileSync(file, 'utf8')) ?? {};
    if (typeof content !== 'object' || Array.isArray(content)) throw new Error('not a mapping of keys');
    return content as Record<string, unknown>;
  } catch (error) {
    throw new ConfigError([
      { key: '(file)', from: file, message: error instanceof Error ? error.message : String(error) },
    ]);
  }
}

/** Names of the environment: DATABASE_URL as everybody writes it, and GENEWARD_SECTION_KEY for the rest. */
export function environmentNames(): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, readonly string[]>([['DATABASE_URL', ['database', 'url']]]);
  for (const [section, schema] of Object.entries(configSchema.shape)) {
    const inner = innerShape(schema);
    const keys = inner ? Object.keys(inner).map((key) => [section, key]) : [[section]];
    for (const path of keys)
      names.set(`GENEWARD_${path.map((p) => p.replaceAll(/[A-Z]/g, (c) => `_${c}`).toUpperCase()).join('_')}`, path);
  }
  return names;
}

function innerShape(schema: z.ZodType): Record<string, unknown> | undefined {
  const inner = schema instanceof z.ZodPrefault ? schema.unwrap() : schema;
  return inner instanceof z.ZodObject ? inner.shape : undefined;
}

function fromEnvironment(env: Readonly<Record<string, string | undefined>>) {
  const names = environmentNames();
  const values: Record<string, unknown> = {};
  const sources = new Map<string, string>();
  const faults: { key: string; from: string; message: string }[] = [];
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || value === '') continue;
    const path = names.get(name);
    if (path) {
      sources.set(path.join('.'), name);
      setPath(values, path, value);
    } else if (name.startsWith('GENEWARD_') && name !== 'GENEWARD_CONFIG' && !otherNames.has(name)) {
      faults.push({ key: name, from: 'environment', message: 'unknown key 未知的配置项' });
    }
  }
  return { values, sources, faults };
}

/** Names that the command line reads, which share the prefix. */
const otherNames = new Set(['GENEWARD_URL', 'GENEWARD_TOKEN', 'GENEWARD_LANG', 'GENEWARD_PASSWORD', 'GENEWARD_HOME']);

function setPath(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [first, ...rest] = path;
  if (first === undefined) return;
  if (rest.length === 0) target[first] = value;
  else {
    const inner = (target[first] ??= {});
    setPath(inner as Record<string, unknown>, rest, value);
  }
}

function merge(base: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = result[key];
    result[key] = isMapping(before) && isMapping(value) ? merge(before, value) : value;
  }
  return result;
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
