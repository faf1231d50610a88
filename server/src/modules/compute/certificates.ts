import crypto, { X509Certificate } from 'node:crypto';
import { nodeCertificates, type Certificates } from '@geneward/api';

/** Certificates and hashes as Node has them. */
export const certificates: Certificates = nodeCertificates(crypto);

/** The certificate of a party process, when it is one that may be registered: ECDSA P-256, valid now. */
export function readCertificate(pem: string, now: Date): { fingerprint: string } | undefined {
  try {
    const { publicKey, validFromDate, validToDate } = new X509Certificate(pem);
    const curve = publicKey.asymmetricKeyDetails?.namedCurve;
    if (publicKey.asymmetricKeyType !== 'ec' || curve !== 'prime256v1') return undefined;
    return validFromDate <= now && now < validToDate ? { fingerprint: certificates.fingerprint(pem) } : undefined;
  } catch {
    return undefined;
  }
}
