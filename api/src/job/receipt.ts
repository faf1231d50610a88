import { z } from 'zod';
import { canonicalJson } from './canonical.ts';
import { jobSpecification, type JobSpecification } from './specification.ts';

const line = z.strictObject({ partner: z.string(), sent: z.string(), received: z.string() });

/** What a party signs at the end: the job, the result and the hash chains of every line. */
export const jobStatement = z.strictObject({
  job: z.string(),
  party: z.string(),
  result: z.string(),
  lines: z.array(line),
});
export type JobStatement = z.infer<typeof jobStatement>;

/** A statement with the certificate and the signature (ECDSA P-256, SHA-256, over canonical JSON, base64). */
export const signedStatement = z.strictObject({
  statement: jobStatement,
  certificate: z.string().max(10_000),
  signature: z.string().max(1000),
});
export type SignedStatement = z.infer<typeof signedStatement>;

/** A finished job as anybody can check it. */
export const jobReceipt = z.strictObject({ job: jobSpecification, statements: z.array(signedStatement).max(64) });
export type JobReceipt = z.infer<typeof jobReceipt>;

/** Hashing and certificates as the host has them. */
export interface Certificates {
  /** SHA-256 in hexadecimal. */
  sha256(bytes: Uint8Array | string): string;
  /** SHA-256 of the DER, in hexadecimal. Throws for what is no certificate. */
  fingerprint(pem: string): string;
  verify(pem: string, text: string, signature: string): boolean;
}

/** The part of `node:crypto` that is used. */
interface NodeCertificates {
  readonly hash: (algorithm: 'sha256', data: Uint8Array | string) => string;
  readonly X509Certificate: new (pem: string) => { readonly raw: Uint8Array; readonly publicKey: unknown };
  readonly verify: (algorithm: 'sha256', data: Uint8Array, key: never, signature: Uint8Array) => boolean;
}

/** For Node: `nodeCertificates(crypto)`. */
export const nodeCertificates = (crypto: NodeCertificates): Certificates => ({
  sha256: (bytes) => crypto.hash('sha256', bytes),
  fingerprint: (pem) => crypto.hash('sha256', new crypto.X509Certificate(pem).raw),
  verify: (pem, text, signature) =>
    crypto.verify(
      'sha256',
      new TextEncoder().encode(text),
      new crypto.X509Certificate(pem).publicKey as never,
      Uint8Array.from(atob(signature), (letter) => letter.charCodeAt(0)),
    ),
});

/** A receipt does not prove what it says. */
export class ReceiptFault extends Error {}

/**
 * Checks a receipt: every party of the job signed, with the certificate that the job names, the same job and the same result,
 * and both ends of every line saw the same messages.
 * @throws ReceiptFault
 */
export function judgeReceipt(
  given: unknown,
  certificates: Certificates,
): { job: JobSpecification; hash: string; result: string } {
  const parsed = jobReceipt.safeParse(given);
  if (!parsed.success) throw new ReceiptFault(z.prettifyError(parsed.error));
  const { job, statements } = parsed.data;
  const hash = certificates.sha256(canonicalJson(job));
  const byParty = new Map(statements.map((entry) => [entry.statement.party, entry]));
  const result = statements[0]?.statement.result ?? '';
  if (statements.length !== job.parties.length || byParty.size !== statements.length)
    throw new ReceiptFault('not one statement for each party');
  for (const { name, fingerprint } of job.parties) {
    const entry = byParty.get(name);
    if (!entry) throw new ReceiptFault(`${name}: no statement`);
    checkSigned(entry, { name, fingerprint }, certificates);
    if (entry.statement.job !== hash) throw new ReceiptFault(`${name}: another job`);
    if (entry.statement.result !== result) throw new ReceiptFault(`${name}: another result`);
    for (const other of job.parties.filter((party) => party.name !== name)) {
      const here = entry.statement.lines.find(({ partner }) => partner === other.name);
      const there = byParty.get(other.name)?.statement.lines.find(({ partner }) => partner === name);
      if (!here || here.sent !== there?.received || here.received !== there.sent)
        throw new ReceiptFault(`${name} – ${other.name}: the two ends differ`);
    }
  }
  return { job, hash, result };
}

function checkSigned(
  { statement, certificate, signature }: SignedStatement,
  party: { readonly name: string; readonly fingerprint: string },
  certificates: Certificates,
): void {
  if (!proves(certificates, party.fingerprint, { certificate, text: canonicalJson(statement), signature }))
    throw new ReceiptFault(`${party.name}: another certificate, or a wrong signature`);
}

/** Whether a text is signed by the key of the certificate that has this fingerprint. */
export function proves(
  certificates: Certificates,
  fingerprint: string,
  given: { readonly certificate: string; readonly text: string; readonly signature: string },
): boolean {
  try {
    return (
      certificates.fingerprint(given.certificate) === fingerprint &&
      certificates.verify(given.certificate, given.text, given.signature)
    );
  } catch {
    // No certificate, a key of another kind, or no base64.
    return false;
  }
}
