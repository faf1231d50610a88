/** What one finished or running job told about whom. Persons are named by keyed hashes that only their institution can make. */
export interface Release {
  readonly job: string;
  /** Which question: jobs of different questions are not subtracted from each other. */
  readonly output: string;
  readonly persons: ReadonlySet<string>;
}

/** Two jobs on the same question whose difference is a statement about few people. */
export interface Differencing {
  readonly job: string;
  /** Persons in one of the jobs and not in the other. */
  readonly difference: number;
}

/**
 * Earlier releases that, taken from the new one, leave fewer than `minimum` people: total(A) - total(B) is the total of A without B
 * when B lies in A. Identical sets say nothing new and pass. Only pairs are looked at: a combination of three or more jobs may still
 * single people out, which is what the limit on outputs and differential privacy are for.
 */
export function differencing(planned: Release, history: readonly Release[], minimum: number): Differencing[] {
  return history.flatMap((earlier) => {
    if (earlier.output !== planned.output || earlier.job === planned.job) return [];
    const added = lacking(planned.persons, earlier.persons);
    const removed = lacking(earlier.persons, planned.persons);
    const difference = added + removed;
    return difference > 0 && difference < minimum ? [{ job: earlier.job, difference }] : [];
  });
}

const lacking = (from: ReadonlySet<string>, other: ReadonlySet<string>): number => {
  let count = 0;
  for (const person of from) if (!other.has(person)) count += 1;
  return count;
};
