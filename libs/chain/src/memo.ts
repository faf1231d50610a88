import { keyTypes, parseVerifierKey, utf8, verifyEd25519, type Verifier } from '@geneward/merkle';
import { Refusal } from './error.ts';

/**
 * A faster routine that may say yes early: under a sound key, every yes of it has to be one of `verifyEd25519`, which decides
 * where it says no. Verdicts are thus the same with and without it.
 */
export type QuickVerify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/**
 * Remembers what is costly and can never come out otherwise: whether a signature is right, and keys that were read. The same
 * transaction is judged when it arrives, when it is proposed and when it is final.
 */
export interface Memo {
  /** The verdict of `judge` on the question that `name` tells whole. */
  verdict(name: string, judge: () => boolean): boolean;
  /** Judges an Ed25519 signature under a key that is known to be sound. */
  ed25519: QuickVerify;
  /** @throws Refusal `key_unsound` */
  verifier(key: string): Verifier;
}

/** @param limit entries of each sort; when there are more, the oldest half is forgotten */
export function memo(quick: QuickVerify = () => false, limit = 50_000): Memo {
  const verdicts = new Map<string, boolean>();
  const verifiers = new Map<string, Verifier>();
  const keep = <T>(known: Map<string, T>, name: string, value: T): T => {
    if (known.size >= limit) for (const old of [...known.keys()].slice(0, limit / 2)) known.delete(old);
    known.set(name, value);
    return value;
  };
  const ed25519: QuickVerify = (publicKey, message, signature) =>
    quick(publicKey, message, signature) || verifyEd25519(publicKey, message, signature);
  const parse = (key: string): Verifier => {
    const verifier = parseVerifierKey(key);
    if (verifier.type !== keyTypes.ed25519) return verifier;
    const { publicKey } = verifier;
    return { ...verifier, verify: (text, signature) => (ed25519(publicKey, utf8(text), signature) ? 0n : undefined) };
  };
  return {
    ed25519,
    verdict: (name, judge) => verdicts.get(name) ?? keep(verdicts, name, judge()),
    verifier(key) {
      const known = verifiers.get(key);
      if (known) return known;
      try {
        return keep(verifiers, key, parse(key));
      } catch {
        throw new Refusal('key_unsound', key);
      }
    },
  };
}
