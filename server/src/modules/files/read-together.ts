type Bytes = AsyncIterable<Uint8Array>;

/** One reader's view of a shared source, and the handles by which the source feeds it. */
interface Branch {
  readonly bytes: Bytes;
  /** Resolves when the reader has taken the chunk or wants no more. */
  offer(chunk: Uint8Array): Promise<void>;
  end(failure?: { error: unknown }): void;
  close(): void;
}

/**
 * Lets two readers read one source in a single pass, at the pace of the slower one and with one chunk held for each. A reader
 * may stop early. When the source or a reader fails, the other reader sees the failure and the call rejects with it.
 */
export async function readTogether<A, B>(
  source: Bytes,
  first: (bytes: Bytes) => Promise<A>,
  second: (bytes: Bytes) => Promise<B>,
): Promise<[A, B]> {
  const one = branch();
  const two = branch();
  let failure: { error: unknown } | undefined;
  const fail = (error: unknown) => {
    failure ??= { error };
    one.end(failure);
    two.end(failure);
  };
  const pump = async () => {
    for await (const chunk of source) await Promise.all([one.offer(chunk), two.offer(chunk)]);
    one.end();
    two.end();
  };
  const read = <T>(from: Branch, reader: (bytes: Bytes) => Promise<T>) => {
    const result = reader(from.bytes).finally(() => from.close());
    result.catch(fail);
    return result;
  };
  const readers = [read(one, first), read(two, second)] as const;
  const pumped = pump().catch(fail);
  // Both readers have ended, and cleaned up behind them, before anybody hears of a failure.
  await Promise.allSettled(readers);
  if (!failure) await pumped;
  if (failure) throw failure.error;
  return Promise.all(readers);
}

function branch(): Branch {
  let held: { chunk: Uint8Array; taken: () => void } | undefined;
  let over: { failure?: { error: unknown } } | undefined;
  let wake: (() => void) | undefined;
  const stop = (failure?: { error: unknown }) => {
    over ??= failure ? { failure } : {};
    wake?.();
  };
  return {
    bytes: (async function* () {
      for (;;) {
        if (held) {
          const { chunk, taken } = held;
          held = undefined;
          taken();
          yield chunk;
        } else if (over) {
          if (over.failure) throw over.failure.error;
          return;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    })(),
    offer(chunk) {
      if (over) return over.failure ? Promise.reject(over.failure.error) : Promise.resolve();
      return new Promise((resolve) => {
        held = { chunk, taken: resolve };
        wake?.();
      });
    },
    end: stop,
    close() {
      stop();
      held?.taken();
      held = undefined;
    },
  };
}
