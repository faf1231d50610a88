/** Buffers that wait to be used again by whatever stream comes next; more are left to the collector. */
const spare: Uint8Array[] = [];
const mostSpare = 32;

/** A few buffers of memory that threads share, lent out one after the other: who asks for more waits until one is back. */
export interface BufferRing {
  take(): Promise<Uint8Array>;
  give(buffer: Uint8Array): void;
  /** Lets go of what nobody uses at the moment. */
  shrink(): void;
  /** Lets everybody who waits know that nothing will come. */
  fail(error: unknown): void;
}

export function bufferRing(size: number, most: number): BufferRing {
  const free: Uint8Array[] = [];
  const waiting: { resolve: (buffer: Uint8Array) => void; reject: (error: unknown) => void }[] = [];
  let made = 0;
  let over: { error: unknown } | undefined;
  return {
    take() {
      if (over) return Promise.reject(over.error);
      const buffer = free.pop();
      if (buffer) return Promise.resolve(buffer);
      if (made < most) {
        made += 1;
        return Promise.resolve(reused(size) ?? new Uint8Array(new SharedArrayBuffer(size)));
      }
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    give(buffer) {
      const next = over ? undefined : waiting.shift();
      if (next) next.resolve(buffer);
      else if (over) keep(buffer);
      else free.push(buffer);
    },
    shrink() {
      made -= free.length;
      for (const buffer of free.splice(0)) keep(buffer);
    },
    fail(error) {
      over ??= { error };
      for (const { reject } of waiting.splice(0)) reject(error);
      for (const buffer of free.splice(0)) keep(buffer);
    },
  };
}

function reused(size: number): Uint8Array | undefined {
  const at = spare.findIndex((buffer) => buffer.length === size);
  return at < 0 ? undefined : spare.splice(at, 1)[0];
}

function keep(buffer: Uint8Array): void {
  if (spare.length < mostSpare) spare.push(buffer);
}
