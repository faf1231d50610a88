import { z } from 'zod';
import type { KeyHolder, WrappedKey } from './key-holder.ts';
import { KeyProblem } from './suite.ts';
import { transitClient, type TransitAnswer, type TransitOptions } from './transit-client.ts';

const keyInfo = z.looseObject({
  type: z.string().optional(),
  latest_version: z.int().optional(),
  keys: z.record(z.string(), z.unknown()).default({}),
  supports_encryption: z.boolean().default(true),
});
const batch = z.looseObject({
  batch_results: z.array(
    z.looseObject({
      ciphertext: z.string().optional(),
      plaintext: z.string().optional(),
      error: z.string().optional(),
    }),
  ),
});
type Result = z.infer<typeof batch>['batch_results'][number];

/** `vault:v3:` and Base64: the version that wrapped it stands in the ciphertext. */
const ciphertextForm = /^vault:v(\d{1,9}):[A-Za-z0-9+/=]+$/;

/**
 * Key-encryption keys in the transit engine of OpenBao or HashiCorp Vault (HTTP API, secret/transit). Rotation is theirs, and a
 * header is put under a new version without its data key coming out (`rewrap`).
 */
export function transitHolder(options: TransitOptions): KeyHolder {
  const ask = transitClient(options);
  const name = encodeURIComponent(options.key);
  const version = async (): Promise<number> => {
    const answer = await ask('GET', `keys/${name}`);
    if (answer.status === 404) {
      expectDone(options, await ask('POST', `keys/${name}`, { type: 'aes256-gcm96' }));
      return newest(options, await ask('GET', `keys/${name}`));
    }
    return newest(options, answer);
  };
  /** That there is a key is asked for once. */
  let there: Promise<number> | undefined;
  const many = async (verb: 'encrypt' | 'decrypt' | 'rewrap', input: readonly object[]): Promise<Result[]> => {
    const answer = await ask('POST', `${verb}/${name}`, { batch_input: input });
    const parsed = batch.safeParse(answer.data);
    if (!parsed.success || parsed.data.batch_results.length !== input.length)
      throw faultOf(options, answer.errors.join('; '));
    const failed = parsed.data.batch_results.find(({ error }) => error !== undefined && error !== '');
    if (failed) throw faultOf(options, failed.error ?? '');
    return parsed.data.batch_results;
  };
  const wrappedBy = ({ ciphertext = '' }: Result): WrappedKey => {
    const found = ciphertextForm.exec(ciphertext)?.[1];
    if (found === undefined) throw faultOf(options, 'the ciphertext has another form than vault:v1:…');
    return { version: Number(found), wrapped: Buffer.from(ciphertext, 'ascii') };
  };
  const sealed = (keys: readonly WrappedKey[]) =>
    keys.map(({ wrapped }) => ({ ciphertext: Buffer.from(wrapped).toString('latin1') }));
  return {
    id: 'transit',
    current: version,
    async wrap(_suite, dataKeys) {
      await (there ??= version().catch((error: unknown) => {
        there = undefined;
        throw error;
      }));
      const plain = dataKeys.map((key) => ({ plaintext: Buffer.from(key).toString('base64') }));
      return (await many('encrypt', plain)).map(wrappedBy);
    },
    unwrap: async (_suite, keys) =>
      (await many('decrypt', sealed(keys))).map(({ plaintext = '' }) => Buffer.from(plaintext, 'base64')),
    rewrap: async (_suite, keys) => (await many('rewrap', sealed(keys))).map(wrappedBy),
    async rotate() {
      expectDone(options, await ask('POST', `keys/${name}/rotate`));
      return version();
    },
  };
}

function newest(options: TransitOptions, answer: TransitAnswer): number {
  const info = keyInfo.safeParse(answer.data);
  if (answer.status !== 200 || !info.success) throw faultOf(options, answer.errors.join('; ') || String(answer.status));
  if (!info.data.supports_encryption)
    throw faultOf(options, `the key ${options.key} is of type ${info.data.type}, which does not encrypt`);
  return info.data.latest_version ?? Math.max(0, ...Object.keys(info.data.keys).map(Number));
}

function expectDone(options: TransitOptions, { status, errors }: TransitAnswer): void {
  if (status !== 200 && status !== 204) throw faultOf(options, errors.join('; ') || String(status));
}

/** What the service says of a key or ciphertext that it does not take. */
function faultOf({ url, mount, key }: TransitOptions, reason: string): KeyProblem {
  const at = `the key service at ${url} (${mount}/${key})`;
  if (/disallowed by policy|too old|key not found|encryption key not found/i.test(reason))
    return new KeyProblem(
      'unknown_key',
      `A key version is not there any more: ${at} says “${reason}”. Restore the key or lower its min_decryption_version. 密钥版本已不可用。`,
    );
  if (/cipher|authentication|decrypt|plaintext|base64/i.test(reason))
    return new KeyProblem(
      'wrong_key',
      `The header was not sealed by this key, or it was altered: ${at} says “${reason}”.`,
    );
  return new KeyProblem('keys_refused', `${at} does not do what it was asked for: “${reason}”. 密钥服务拒绝了请求。`);
}
