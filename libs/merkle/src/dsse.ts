import { concat, fromBase64, toBase64, utf8 } from './bytes.ts';
import { LogError } from './error.ts';
import { verifyEd25519 } from './signature.ts';

/** A signed statement: DSSE envelope (secure-systems-lab/dsse) around an in-toto Statement v1. */
interface Envelope {
  readonly payloadType: string;
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/** Media type of an in-toto Statement. */
export const statementType = 'application/vnd.in-toto+json';
/** Bytes of an envelope at most. */
export const envelopeLimit = 1_000_000;

/** What is signed: PAE of the DSSE protocol. No note begins so, so one key may sign both. */
export const dsseSigned = (payloadType: string, payload: Uint8Array): Uint8Array =>
  concat(utf8(`DSSEv1 ${utf8(payloadType).length} ${payloadType} ${payload.length} `), payload);

/**
 * Signs a statement.
 * @param keyid what the verifier finds the key by: the name of the log
 * @param sign Ed25519 over the bytes
 */
export function sealStatement(
  statement: object,
  key: { readonly keyid: string; readonly sign: (bytes: Uint8Array) => Uint8Array },
): Uint8Array {
  const payload = utf8(JSON.stringify(statement));
  const sig = toBase64(key.sign(dsseSigned(statementType, payload)));
  const envelope: Envelope = {
    payloadType: statementType,
    payload: toBase64(payload),
    signatures: [{ keyid: key.keyid, sig }],
  };
  return utf8(JSON.stringify(envelope));
}

/**
 * Opens an envelope that a key has signed.
 * @returns the statement, as JSON
 * @throws LogError `envelope_malformed`, `bad_signature`
 */
export function openStatement(envelope: Uint8Array, publicKey: Uint8Array): Record<string, unknown> {
  const { payloadType, payload, signatures } = readEnvelope(envelope);
  if (payloadType !== statementType)
    throw new LogError('envelope_malformed', 'the envelope holds no in-toto statement');
  const bytes = fromBase64(payload);
  const signed = dsseSigned(payloadType, bytes);
  if (!signatures.some(({ sig }) => verifyEd25519(publicKey, signed, fromBase64(sig))))
    throw new LogError('bad_signature', 'the statement is not signed by the log');
  return readJson(bytes);
}

function readEnvelope(bytes: Uint8Array): Envelope {
  if (bytes.length > envelopeLimit) throw new LogError('envelope_malformed', 'the envelope is too large');
  const value = readJson(bytes);
  const { payloadType, payload, signatures } = value;
  const sound =
    typeof payloadType === 'string' &&
    typeof payload === 'string' &&
    Array.isArray(signatures) &&
    signatures.length > 0 &&
    signatures.length <= 10 &&
    signatures.every((one: unknown) => isRecord(one) && typeof one['sig'] === 'string');
  if (!sound) throw new LogError('envelope_malformed', 'not a DSSE envelope');
  return { payloadType, payload, signatures };
}

function readJson(bytes: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isRecord(value)) return value;
  } catch {
    // Told below.
  }
  throw new LogError('envelope_malformed', 'not a JSON object');
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
