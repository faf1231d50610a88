/** One measured number, with what it should reach and what a peer reached in the same run. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  readonly target?: number;
  readonly peer?: string;
  readonly peerValue?: number;
  readonly ratio?: number;
}
