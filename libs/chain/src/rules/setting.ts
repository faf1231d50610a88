import type { Memo } from '../memo.ts';
import type { ChainState } from '../state.ts';

/** Where a transaction stands: who sent it, and the block that holds it. */
export interface Setting {
  readonly member: string;
  readonly height: bigint;
  /** Time of the block, seconds since 1970. */
  readonly time: bigint;
  readonly memo: Memo;
}

/** What watchers are told of a transaction that was accepted. */
export interface ChainEvent {
  readonly type: string;
  readonly attributes: readonly (readonly [key: string, value: string])[];
}

/** What an act makes of the state. @throws Refusal */
export interface Outcome {
  readonly state: ChainState;
  readonly events: readonly ChainEvent[];
}
export type Rule<A> = (state: ChainState, act: A, setting: Setting) => Outcome;

export const event = (type: string, attributes: Readonly<Record<string, string>>): ChainEvent => ({
  type,
  attributes: Object.entries(attributes),
});
