import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { z } from 'zod';
import { jobLayer, type JobKind, type JobSpecification } from '@geneward/api';
import { PartyProblem } from './problem.ts';

const kinds = Object.keys(jobLayer) as JobKind[];

/** What the operator of a party allows. Only this file decides; nothing that arrives over the network changes it. */
const policyFile = z.strictObject({
  name: z.string(),
  listen: z.strictObject({ host: z.string(), port: z.int().min(0).max(65_535) }),
  certificate: z.string(),
  key: z.string(),
  /** Folders that inputs may be read from. */
  folders: z.array(z.string()).min(1),
  /** Folder of this party's own records: approvals, commitments with their salts. */
  records: z.string(),
  kinds: z.array(z.enum(kinds)).min(1),
  /** Key of 16 bytes or more that only the institutions of an overlap share: identifiers are hashed under it first. */
  identifierKey: z.string().optional(),
  /** The least security of jobs over shares that this party takes part in. */
  security: z.enum(['semi-honest', 'malicious']).default('semi-honest'),
  partners: z.array(
    z.strictObject({
      name: z.string(),
      host: z.string(),
      port: z.int().min(1).max(65_535),
      fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
      /** Id as a member of the consortium chain; its name where absent. */
      member: z.string().min(1).max(63).optional(),
    }),
  ),
  /**
   * The consortium chain, as this institution's own member: a job then runs only when the chain says that all parties approved it and
   * it is started. The key is of 32 bytes in base64, as `geneward-chain key` makes it; it stays here.
   */
  chain: z
    .strictObject({
      /** JSON-RPC address of a node that this institution trusts, best its own. */
      node: z.url(),
      id: z.string().min(1).max(63),
      member: z.string().min(1).max(63),
      key: z.string(),
      waitSeconds: z.number().min(1).default(60),
    })
    .optional(),
  thresholds: z.strictObject({ parties: z.int().min(2), individuals: z.int().min(1), cell: z.int().min(0) }),
  /**
   * Keep seed and received messages of each run in `records`, so that an auditor can do it again. Whoever gets these of two parties
   * that computed over shares sees what was computed on.
   */
  replay: z.boolean().default(false),
  limits: z
    .strictObject({
      messageBytes: z
        .int()
        .min(1024)
        .default(64 * 2 ** 20),
      linkBytes: z
        .int()
        .min(1024)
        .default(4 * 2 ** 30),
      messages: z.int().min(1).default(1_000_000),
      memoryBytes: z
        .int()
        .min(2 ** 20)
        .default(2 ** 30),
      silentSeconds: z.number().min(0.1).default(300),
      connectSeconds: z.number().min(0.1).default(120),
    })
    .prefault({}),
});

export type Limits = z.infer<typeof policyFile>['limits'];

export interface Policy extends z.infer<typeof policyFile> {
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly fingerprint: string;
}

/** Reads a policy; paths in it are relative to its own folder. Throws PartyProblem. */
export function readPolicy(path: string): Policy {
  const base = dirname(resolve(path));
  try {
    const policy = policyFile.parse(JSON.parse(readFileSync(path, 'utf8')));
    const certificatePem = readFileSync(resolve(base, policy.certificate), 'utf8');
    const keyPath = policy.identifierKey === undefined ? undefined : resolve(base, policy.identifierKey);
    if (keyPath !== undefined && statSync(keyPath).size < 16) throw new Error('identifierKey: 16 bytes at least');
    return {
      ...policy,
      ...(keyPath !== undefined && { identifierKey: keyPath }),
      folders: policy.folders.map((folder) => realpathSync(resolve(base, folder))),
      records: resolve(base, policy.records),
      ...(policy.chain && { chain: { ...policy.chain, key: resolve(base, policy.chain.key) } }),
      certificatePem,
      keyPem: readFileSync(resolve(base, policy.key), 'utf8'),
      fingerprint: fingerprintOf(certificatePem),
    };
  } catch (error) {
    throw new PartyProblem('bad-policy', error instanceof z.ZodError ? z.prettifyError(error) : String(error));
  }
}

/** SHA-256 of a certificate's DER, in hexadecimal. */
export const fingerprintOf = (pem: string): string =>
  createHash('sha256').update(new X509Certificate(pem).raw).digest('hex');

/** The real path of an input, if it lies in an allowed folder, also after links are followed. Throws PartyProblem. */
export function allowedPath(policy: Policy, path: string): string {
  let real: string;
  try {
    real = realpathSync(path);
  } catch {
    throw new PartyProblem('folder-not-allowed');
  }
  if (!policy.folders.some((folder) => real.startsWith(folder.endsWith(sep) ? folder : folder + sep)))
    throw new PartyProblem('folder-not-allowed');
  return real;
}

/** Whether this party's own rules let it take part. Throws PartyProblem with the first rule that does not. */
export function checkAllowed(policy: Policy, job: JobSpecification): void {
  const self = job.parties.find(({ name }) => name === policy.name);
  if (self?.fingerprint !== policy.fingerprint) throw new PartyProblem('not-a-party');
  if (!policy.kinds.includes(job.analysis.kind)) throw new PartyProblem('kind-not-allowed');
  if (policy.security === 'malicious' && job.security === 'semi-honest') throw new PartyProblem('security-too-low');
  if (job.parties.length < policy.thresholds.parties) throw new PartyProblem('too-few-parties');
  if (job.thresholds.individuals < policy.thresholds.individuals || job.thresholds.cell < policy.thresholds.cell)
    throw new PartyProblem('threshold-too-low');
  for (const { name, fingerprint } of job.parties)
    if (name !== policy.name && policy.partners.find((partner) => partner.name === name)?.fingerprint !== fingerprint)
      throw new PartyProblem('partner-not-allowed', name);
}
