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
const statementType = 'application/vnd.in-toto+json';
/** Bytes of an envelope at most. */
export const envelopeLimit = 1_000_000;

/**
 * What is signed of a statement, and what entries of the log commit to: PAE of the DSSE protocol. No note begins so, so one key
 * may sign both.
 * @param payload the statement as JSON
 */
export const signedStatement = (payload: Uint8Array): Uint8Array =>
  concat(utf8(`DSSEv1 ${statementType.length} ${statementType} ${payload.length} `), payload);

/**
 * Signs a statement.
 * @param payload the statement as JSON
 * @param keyid what the verifier finds the key by: the name of the log
 * @param sign Ed25519 over the bytes
 */
export function sealStatement(
  payload: Uint8Array,
  key: { readonly keyid: string; readonly sign: (bytes: Uint8Array) => Uint8Array },
): Uint8Array {
  const sig = toBase64(key.sign(signedStatement(payload)));
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
  const { signatures, ...rest } = readEnvelope(envelope);
  const bytes = payloadOf(rest);
  const signed = signedStatement(bytes);
  if (!signatures.some(({ sig }) => verifyEd25519(publicKey, signed, fromBase64(sig))))
    throw new LogError('bad_signature', 'the statement is not signed by the log');
  return readJson(bytes);
}

/** What is signed of the statement in an envelope, whoever signed it. @throws LogError `envelope_malformed` */
export const signedInEnvelope = (envelope: Uint8Array): Uint8Array =>
  signedStatement(payloadOf(readEnvelope(envelope)));

function payloadOf({ payloadType, payload }: Omit<Envelope, 'signatures'>): Uint8Array {
  if (payloadType !== statementType)
    throw new LogError('envelope_malformed', 'the envelope holds no in-toto statement');
  return fromBase64(payload);
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
