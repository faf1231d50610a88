import { createHash, createPrivateKey, randomBytes, sign, verify, X509Certificate } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, jobSpecification, type JobSpecification } from '@geneward/api';
import { z } from 'zod';
import { allowedPath, type Policy } from './policy.ts';
import { PartyProblem } from './problem.ts';

/** Files of one input by role: a PLINK set, or VCF or BCF; a table of phenotypes. */
export const roles = ['bed', 'bim', 'fam', 'vcf', 'bcf', 'table'] as const;
export type Role = (typeof roles)[number];

const committed = z.strictObject({
  salt: z.string().regex(/^[0-9a-f]{64}$/),
  files: z
    .array(z.strictObject({ role: z.enum(roles), path: z.string(), size: z.number(), sha256: z.string() }))
    .min(1),
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

const line = z.strictObject({ partner: z.string(), sent: z.string(), received: z.string() });
const statementShape = z.strictObject({
  job: z.string(),
  party: z.string(),
  result: z.string(),
  lines: z.array(line),
});

/** What a party signs at the end: the job, the result and the hash chains of every line. */
export type Statement = z.infer<typeof statementShape>;

export const signed = z.strictObject({ statement: statementShape, certificate: z.string(), signature: z.string() });
export type Signed = z.infer<typeof signed>;

/** A finished job as anybody can check it. */
export const receipt = z.strictObject({ job: jobSpecification, statements: z.array(signed) });

/** Signs with the key of the party's certificate (ECDSA P-256, SHA-256, over canonical JSON). */
export const signStatement = (policy: Policy, statement: Statement): Signed => ({
  statement,
  certificate: policy.certificatePem,
  signature: sign('sha256', Buffer.from(canonicalJson(statement)), createPrivateKey(policy.keyPem)).toString('base64'),
});

/**
 * Checks a receipt and a result against each other: every party of the job signed, with the certificate that the job
 * names, the same job and result, and both ends of every line saw the same messages. Throws PartyProblem.
 */
export function verifyReceipt(given: unknown, result: unknown): { job: JobSpecification; hash: string } {
  const parsed = receipt.safeParse(given);
  if (!parsed.success) throw new PartyProblem('bad-receipt', z.prettifyError(parsed.error));
  const { job, statements } = parsed.data;
  const hash = hashOf(job);
  const expected = hashOf(result);
  const byParty = new Map(statements.map((entry) => [entry.statement.party, entry]));
  if (statements.length !== job.parties.length || byParty.size !== statements.length)
    throw new PartyProblem('bad-receipt', 'not one statement for each party');
  for (const { name, fingerprint } of job.parties) {
    const entry = byParty.get(name);
    if (!entry) throw new PartyProblem('bad-receipt', `${name}: no statement`);
    const certificate = new X509Certificate(entry.certificate);
    if (createHash('sha256').update(certificate.raw).digest('hex') !== fingerprint)
      throw new PartyProblem('bad-receipt', `${name}: another certificate`);
    const text = Buffer.from(canonicalJson(entry.statement));
    if (!verify('sha256', text, certificate.publicKey, Buffer.from(entry.signature, 'base64')))
      throw new PartyProblem('bad-receipt', `${name}: signature`);
    if (entry.statement.job !== hash) throw new PartyProblem('bad-receipt', `${name}: another job`);
    if (entry.statement.result !== expected) throw new PartyProblem('bad-receipt', `${name}: another result`);
    for (const other of job.parties.filter((party) => party.name !== name)) {
      const here = entry.statement.lines.find(({ partner }) => partner === other.name);
      const there = byParty.get(other.name)?.statement.lines.find(({ partner }) => partner === name);
      if (!here || here.sent !== there?.received || here.received !== there.sent)
        throw new PartyProblem('bad-receipt', `${name} – ${other.name}: the two ends differ`);
    }
  }
  return { job, hash };
}
