import { randomUUID } from 'node:crypto';

/** Bytes that are handed over one after the other to who writes them away. */
export interface Handover {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** `done` is called when the writer no longer needs the chunk. */
  push(chunk: Uint8Array, done: () => void): void;
  end(): void;
  fail(error: unknown): void;
  /** Releases what the writer had when it ended. */
  release(): void;
}

/**
 * A chunk is the writer's until it asks for the one after the next (several stores write side by side, each with a chunk in hand).
 */
export function handover(): Handover {
  const waiting: { chunk: Uint8Array; done: () => void }[] = [];
  const held: (() => void)[] = [];
  let over: { error?: unknown } | undefined;
  let wake: () => void = () => undefined;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = waiting.shift();
      if (next) {
        if (held.length > 1) held.shift()?.();
        held.push(next.done);
        yield next.chunk;
      } else if (over) {
        if ('error' in over) throw over.error;
        return;
      } else await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  return {
    bytes: bytes(),
    push(chunk, done) {
      waiting.push({ chunk, done });
      wake();
    },
    end() {
      over ??= {};
      wake();
    },
    fail(error) {
      over = { error };
      wake();
    },
    release() {
      for (const done of held.splice(0)) done();
      for (const { done } of waiting.splice(0)) done();
    },
  };
}

/** A name for bytes that nobody else writes. */
export function pieceName(key: string): string {
  const id = randomUUID();
  return `${key.slice(0, key.indexOf('/'))}/${id.slice(0, 2)}/${id}`;
}
