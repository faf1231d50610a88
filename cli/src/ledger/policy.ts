import { readFileSync } from 'node:fs';
import { parsePolicy, sm2By, type Policy, type Sm2 } from '@geneward/merkle';

/** SM2 by the package that speaks GM/T; read when it is wanted. */
export async function openSm2(): Promise<Sm2> {
  const { sm2 } = await import('sm-crypto-v2');
  return sm2By(sm2);
}

/** A policy file, whatever the keys in it: Ed25519, ML-DSA-44 or SM2. @throws LogError `policy_malformed` */
export async function readPolicy(file: string): Promise<Policy> {
  const text = readFileSync(file, 'utf8');
  const [sm2, { ml_dsa44: mlDsa44 }] = await Promise.all([openSm2(), import('@noble/post-quantum/ml-dsa.js')]);
  return parsePolicy(text, { sm2, mlDsa44 });
}
