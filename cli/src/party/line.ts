import type { Link } from './link.ts';

/** A line to a partner as analyses and receipts need it: the real one, one that keeps what arrives, or one of a replay. */
export type Line = Pick<
  Link,
  'send' | 'receive' | 'fail' | 'abort' | 'sentChain' | 'receivedChain' | 'sentBytes' | 'receivedBytes'
>;
