import crypto, { createHash, createPrivateKey, randomBytes, sign } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  canonicalJson,
  jobSpecification,
  judgeReceipt,
  nodeCertificates,
  ReceiptFault,
  type JobSpecification,
  type JobStatement,
  type SignedStatement,
} from '@geneward/api';
import { z } from 'zod';
import { allowedPath, type Policy } from './policy.ts';
import { PartyProblem } from './problem.ts';

/** Files of one input by role: a PLINK set, or VCF or BCF; a table of phenotypes; effects estimated before; aligned genomes. */
export const roles = ['bed', 'bim', 'fam', 'vcf', 'bcf', 'table', 'effects', 'fasta'] as const;
export type Role = (typeof roles)[number];

const committed = z.strictObject({
  salt: z.string().regex(/^[0-9a-f]{64}$/),
  /** None where a party helps and has no data. */
  files: z.array(z.strictObject({ role: z.enum(roles), path: z.string(), size: z.number(), sha256: z.string() })),
});
export type Committed = z.infer<typeof committed>;

/** SHA-256 of canonical JSON. */
export const hashOf = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');

/** Reads and checks a job specification; its hash is that of its canonical JSON. Throws PartyProblem. */
export function readJob(path: string): { job: JobSpecification; hash: string } {
  try {
    const job = jobSpecification.parse(JSON.parse(readFileSync(path, 'utf8')));
    return { job, hash: hashOf(job) };
  } catch (error) {
    throw new PartyProblem('bad-specification', error instanceof z.ZodError ? z.prettifyError(error) : String(error));
  }
}

/** Commits to input files under a fresh salt: the hash may be shown to anybody, the record stays here. */
export async function commit(policy: Policy, inputs: readonly { role: Role; path: string }[]): Promise<string> {
  const files = [];
  for (const { role, path } of inputs) {
    const real = allowedPath(policy, path);
    files.push({ role, path: real, size: statSync(real).size, sha256: await hashFile(real) });
  }
  const record: Committed = { salt: randomBytes(32).toString('hex'), files };
  const commitment = commitmentOf(record);
  write(join(policy.records, 'commitments'), `${commitment}.json`, record);
  return commitment;
}

/** The committed files, still allowed and of the size they had. Their bytes are hashed again as they are read. */
export function committedFiles(policy: Policy, commitment: string): Committed {
  const path = join(policy.records, 'commitments', `${commitment}.json`);
  if (!existsSync(path)) throw new PartyProblem('no-commitment');
  const record = committed.parse(JSON.parse(readFileSync(path, 'utf8')));
  if (commitmentOf(record) !== commitment) throw new PartyProblem('no-commitment');
  for (const file of record.files)
    if (allowedPath(policy, file.path) !== file.path || statSync(file.path).size !== file.size)
      throw new PartyProblem('input-changed');
  return record;
}

/** Roles, sizes and hashes under the salt; where the files lie is nobody's business. */
const commitmentOf = ({ salt, files }: Committed): string =>
  hashOf({ salt, files: files.map(({ role, size, sha256 }) => ({ role, size, sha256 })) });

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** A committed file as bytes; at its end throws when it was not what was committed to. Nothing is sent before that. */
export async function* openCommitted(file: Committed['files'][number]): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file.path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer);
    yield chunk as Buffer;
  }
  if (hash.digest('hex') !== file.sha256) throw new PartyProblem('input-changed');
}

/** A person's approval of exactly this specification, after reading what will be learnt. */
export function approve(policy: Policy, hash: string, person: string, learns: readonly unknown[], at: string): void {
  write(join(policy.records, 'approvals'), `${hash}.json`, { job: hash, person, learns, at });
}

export const isApproved = (policy: Policy, hash: string): boolean =>
  existsSync(join(policy.records, 'approvals', `${hash}.json`));

/** Writes a record for its owner only. */
function write(folder: string, name: string, record: unknown): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, name), JSON.stringify(record, undefined, 2), { mode: 0o600 });
}

/** By the key of the party's certificate (ECDSA P-256, SHA-256, over canonical JSON, base64). */
export const signValue = (policy: Policy, value: unknown): string =>
  sign('sha256', Buffer.from(canonicalJson(value)), createPrivateKey(policy.keyPem)).toString('base64');

/** Signs what a party says at the end. */
export const signStatement = (policy: Policy, statement: JobStatement): SignedStatement => ({
  statement,
  certificate: policy.certificatePem,
  signature: signValue(policy, statement),
});

const certificates = nodeCertificates(crypto);

/** Checks a receipt and that it is about this result. Throws PartyProblem. */
export function verifyReceipt(given: unknown, result: unknown): { job: JobSpecification; hash: string } {
  try {
    const judged = judgeReceipt(given, certificates);
    if (judged.result !== hashOf(result)) throw new ReceiptFault('another result');
    return judged;
  } catch (error) {
    throw error instanceof ReceiptFault ? new PartyProblem('bad-receipt', error.message) : error;
  }
}
