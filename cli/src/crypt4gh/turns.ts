/** Places of the numbers that lanes share. */
const place = { ticket: 0, read: 1, write: 2, over: 3, ended: 4, segments: 5, wide: 6 } as const;
/** What is done by one lane at a time, in the order of the tickets. */
export type Turn = 'read' | 'write';
/** Waits until a shared number is no longer what it was; a promise where the thread has other things to hear. */
export type Wait = (numbers: Int32Array, at: number, value: number) => Promise<unknown> | undefined;

export const sharedNumbers = (): Int32Array<SharedArrayBuffer> =>
  new Int32Array(new SharedArrayBuffer(4 * Object.keys(place).length));

/** Stops the thread: for a worker. */
export const standing: Wait = (numbers, at, value) => void Atomics.wait(numbers, at, value);

/** Leaves the thread to its events, so that it hears of a worker that died: for the main thread. */
export const listening: Wait = (numbers, at, value) => {
  const waiting = Atomics.waitAsync(numbers, at, value);
  return waiting.async ? waiting.value : undefined;
};

/** The order among lanes: who draws the next ticket, whose turn it is to read and to write, and whether it is over. */
export interface Turns {
  /** The number of the next batch. */
  draw(): number;
  /** True when the turn has come; false when all is over. */
  await(turn: Turn, ticket: number): Promise<boolean>;
  pass(turn: Turn, ticket: number): void;
  /** Ends the work for every lane. */
  finish(): void;
  readonly over: boolean;
  /** For a source that can only be read on: whether its end was met, and how many whole segments were read. */
  ended: boolean;
  segments: number;
  /** True once several lanes are at work. */
  wide: boolean;
}

export function turnsOf(numbers: Int32Array, wait: Wait): Turns {
  const get = (at: number) => Atomics.load(numbers, at);
  const set = (at: number, value: number) => void Atomics.store(numbers, at, value);
  const change = (at: number, value: number) => {
    set(at, value);
    Atomics.notify(numbers, at);
  };
  return {
    draw: () => Atomics.add(numbers, place.ticket, 1),
    async await(turn, ticket) {
      for (;;) {
        const now = get(place[turn]);
        if (get(place.over) !== 0) return false;
        if (now === ticket) return true;
        await wait(numbers, place[turn], now);
      }
    },
    pass: (turn, ticket) => change(place[turn], ticket + 1),
    finish() {
      set(place.over, 1);
      change(place.read, -1);
      change(place.write, -1);
    },
    get over() {
      return get(place.over) !== 0;
    },
    get ended() {
      return get(place.ended) !== 0;
    },
    set ended(value) {
      set(place.ended, Number(value));
    },
    get segments() {
      return get(place.segments);
    },
    set segments(value) {
      set(place.segments, value);
    },
    get wide() {
      return get(place.wide) !== 0;
    },
    set wide(value) {
      set(place.wide, Number(value));
    },
  };
}
