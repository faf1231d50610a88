/** Lets several readers read one source side by side; the slowest sets the pace. A reader that ends or fails is left behind. */
export async function fanOut<T>(
  source: AsyncIterable<Uint8Array>,
  readers: readonly ((bytes: AsyncIterable<Uint8Array>) => Promise<T>)[],
): Promise<PromiseSettledResult<T>[]> {
  const lanes = readers.map(() => lane());
  const reading = Promise.allSettled(
    readers.map(async (read, index) => {
      const own = lanes[index] ?? lane();
      try {
        return await read(own.bytes);
      } finally {
        own.leave();
      }
    }),
  );
  try {
    for await (const chunk of source) {
      await Promise.all(lanes.map((each) => each.give(chunk)));
      if (lanes.every((each) => each.left())) break;
    }
    for (const each of lanes) each.end();
  } catch (error) {
    for (const each of lanes) each.end(error);
    await reading;
    throw error;
  }
  return reading;
}

function lane() {
  let waiting: { chunk: Uint8Array; taken: () => void } | undefined;
  let wake: () => void = () => undefined;
  let left = false;
  let ended: { error?: unknown } | undefined;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (waiting) {
        const { chunk, taken } = waiting;
        waiting = undefined;
        taken();
        yield chunk;
      } else if (ended) {
        if ('error' in ended) throw ended.error;
        return;
      } else await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  return {
    bytes: bytes(),
    left: () => left,
    /** Resolves when the reader has taken the chunk, so that each holds one at most. */
    give: (chunk: Uint8Array): Promise<void> =>
      new Promise<void>((taken) => {
        if (left) {
          taken();
          return;
        }
        waiting = { chunk, taken };
        wake();
      }),
    end(error?: unknown) {
      ended = error === undefined ? {} : { error };
      wake();
    },
    leave() {
      left = true;
      waiting?.taken();
      waiting = undefined;
    },
  };
}
