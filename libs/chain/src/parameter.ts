/** What members set together, by a vote of more than two thirds. */
export const parameters: ReadonlyMap<
  string,
  { readonly start: bigint; readonly least: bigint; readonly most: bigint }
> = new Map([
  /** Logs of one member. */
  ['logs', { start: 8n, least: 1n, most: 64n }],
  /** Parties of one job. */
  ['parties', { start: 16n, least: 2n, most: 64n }],
  /** Inputs that one party brings to a job. */
  ['inputs', { start: 64n, least: 1n, most: 256n }],
  /** From this height on the application has at least `upgrade_version`, or it stops; 0: no upgrade is planned. */
  ['upgrade_height', { start: 0n, least: 0n, most: 1n << 62n }],
  ['upgrade_version', { start: 1n, least: 1n, most: 1_000_000n }],
]);

/** Version of this application. */
export const applicationVersion = 1n;
