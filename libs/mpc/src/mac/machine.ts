import type { Vector } from '../field/field.ts';
import type { Rep3, Shares } from '../rep3/rep3.ts';

/** A secret value beside itself times a secret key: [x] and [r·x]. Where nothing is checked [r·x] is empty. */
export interface Authenticated {
  readonly x: Shares;
  readonly rx: Shares;
}

/** Against whom a computation among three nodes holds, one of them corrupt: see docs/mpc-security.md. */
export type Security = 'semi-honest' | 'malicious';

/** A matrix of secrets, rows one after the other. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Shares;
}

/** One node's part of a computation on secrets: the programs are written against it, whoever it protects from. */
export interface Machine {
  readonly node: Rep3;
  readonly security: Security;
  /** Puts an input, or random values, under the key. */
  authenticate(x: Shares): Promise<Authenticated>;
  /** The same for many vectors, in one round. */
  authenticateAll(x: readonly Shares[]): Promise<Authenticated[]>;
  add(a: Authenticated, b: Authenticated): Authenticated;
  sub(a: Authenticated, b: Authenticated): Authenticated;
  scale(a: Authenticated, factor: Vector): Authenticated;
  addConstant(a: Authenticated, values: Vector): Authenticated;
  mul(a: Authenticated, b: Authenticated): Promise<Authenticated>;
  /** Products of many pairs of vectors, in one round. */
  mulAll(pairs: readonly (readonly [Authenticated, Shares])[]): Promise<Authenticated[]>;
  /** Inner products of pairs of vectors: one or two elements a pair and node, whatever their length. */
  innerProducts(pairs: readonly (readonly [Authenticated, Authenticated])[]): Promise<Authenticated>;
  /** Inner products of each row of one matrix with each of another: one element a pair, and little more where it is checked. */
  crossProducts(a: Matrix, b: Matrix): Promise<Authenticated>;
  /** The computation ends unless each is 0 or 1. */
  assertBits(bits: readonly Authenticated[]): void;
  /** The computation ends unless Σ factor·x is zero in each place. */
  assertZero(terms: readonly { readonly x: Shares; readonly factor: bigint }[]): void;
  /** Checks everything that was computed. @throws Abort `mac_check` */
  check(): Promise<void>;
  /** Shows values; only after `check`. @throws Abort `open_mismatch` */
  open(a: Authenticated): Promise<Vector>;
  /** The same for many, in one round. */
  openAll(list: readonly Authenticated[]): Promise<Vector[]>;
}
