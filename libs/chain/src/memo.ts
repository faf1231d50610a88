import { parseVerifierKey, type Verifier } from '@geneward/merkle';
import { Refusal } from './error.ts';

/**
 * Remembers what is costly and can never come out otherwise: whether a signature is right, and keys that were read. The same
 * transaction is judged when it arrives, when it is proposed and when it is final.
 */
export interface Memo {
  /** The verdict of `judge` on the question that `name` tells whole. */
  verdict(name: string, judge: () => boolean): boolean;
  /** @throws Refusal `key_unsound` */
  verifier(key: string): Verifier;
}

/** @param limit entries of each sort; when there are more, the oldest half is forgotten */
export function memo(limit = 50_000): Memo {
  const verdicts = new Map<string, boolean>();
  const verifiers = new Map<string, Verifier>();
  const keep = <T>(known: Map<string, T>, name: string, value: T): T => {
    if (known.size >= limit) for (const old of [...known.keys()].slice(0, limit / 2)) known.delete(old);
    known.set(name, value);
    return value;
  };
  return {
    verdict: (name, judge) => verdicts.get(name) ?? keep(verdicts, name, judge()),
    verifier(key) {
      const known = verifiers.get(key);
      if (known) return known;
      try {
        return keep(verifiers, key, parseVerifierKey(key));
      } catch {
        throw new Refusal('key_unsound', key);
      }
    },
  };
}
