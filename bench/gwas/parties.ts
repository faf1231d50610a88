import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canonicalJson } from '@geneward/api';
import { commitFiles, consortium, specification, type Institution } from '../../cli/src/testing/consortium.ts';
import { runProgram } from '../../cli/src/testing/run.ts';

const node = fileURLToPath(new URL('node.ts', import.meta.url));

/** What one party of a run tells. */
export interface Measured {
  readonly seconds: number;
  readonly processor: number;
  readonly sent: number;
  readonly waits: number;
  readonly most: number;
}

/** Three institutions that can run the studies of `node.ts`. */
export async function threePlaces(): Promise<readonly Institution[]> {
  const places = await consortium(['alpha', 'beta', 'gamma']);
  const commitments = await Promise.all(places.map((place) => commitFiles(place, {})));
  const job = specification(
    places,
    commitments,
    { kind: 'association', status: 'fam', release: 'statistic' },
    { security: 'malicious' },
  );
  for (const { folder } of places) writeFileSync(join(folder, 'job.json'), canonicalJson(job));
  return places;
}

/** One run: what the slowest party took. */
export async function measure(
  places: readonly Institution[],
  study: string,
  security: string,
  numbers: readonly number[],
): Promise<Measured> {
  const told = await Promise.all(
    places.map(async ({ folder, policy }) => {
      const args = [
        '--max-semi-space-size=16',
        node,
        policy,
        join(folder, 'job.json'),
        study,
        security,
        ...numbers.map(String),
      ];
      const { code, out, err } = await runProgram(process.execPath, args);
      if (code !== 0) throw new Error(err);
      return JSON.parse(out) as Measured;
    }),
  );
  const most = (of: (one: Measured) => number) => Math.max(...told.map(of));
  return {
    seconds: most(({ seconds }) => seconds),
    processor: most(({ processor }) => processor),
    sent: most(({ sent }) => sent),
    waits: most(({ waits }) => waits),
    most: most((one) => one.most),
  };
}

/** The best of several runs, by wall clock. */
export async function best(times: number, run: () => Promise<Measured>): Promise<Measured> {
  let least = await run();
  for (let at = 1; at < times; at += 1) {
    const one = await run();
    if (one.seconds < least.seconds) least = one;
  }
  return least;
}

/** One way: 25 ms and 100 Mbit/s. */
const [delay, bytesPerMillisecond] = [25, 12_500];

/**
 * The same institutions far apart: every line goes through a relay that holds each byte back for 25 ms and lets 100 Mbit/s pass, so
 * that a round trip takes 50 ms. In user space, because not every kernel can shape traffic.
 */
export async function farApart<T>(places: readonly Institution[], work: () => Promise<T>): Promise<T> {
  const relays: Server[] = [];
  const ports = new Map<number, number>();
  for (const { port } of places) {
    const relay = createServer((from) => {
      const to = connect(port, '127.0.0.1');
      slowly(from, to);
      slowly(to, from);
    });
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
    ports.set(port, (relay.address() as AddressInfo).port);
    relays.push(relay);
  }
  for (const { policy } of places) {
    const text = JSON.parse(readFileSync(policy, 'utf8')) as { partners: { port: number }[] };
    for (const partner of text.partners) partner.port = ports.get(partner.port) ?? partner.port;
    writeFileSync(policy, JSON.stringify(text));
  }
  try {
    return await work();
  } finally {
    for (const relay of relays) relay.close();
  }
}

/** Bytes leave in the order in which they came, whatever the clock of timers rounds. */
function slowly(from: Socket, to: Socket): void {
  let free = 0;
  const held: { readonly due: number; readonly chunk?: Buffer }[] = [];
  let timer: NodeJS.Timeout | undefined;
  const pass = () => {
    timer = undefined;
    for (let [first] = held; first && first.due <= performance.now(); [first] = held) {
      held.shift();
      if (first.chunk) to.write(first.chunk);
      else to.end();
    }
    const [next] = held;
    if (next) timer = setTimeout(pass, Math.max(1, next.due - performance.now()));
  };
  const hold = (chunk?: Buffer) => {
    free = Math.max(free, performance.now()) + (chunk?.length ?? 0) / bytesPerMillisecond;
    held.push({ due: free + delay, ...(chunk && { chunk }) });
    timer ??= setTimeout(pass, delay);
  };
  from.on('data', hold);
  from.on('error', () => to.destroy());
  from.on('close', () => hold());
}
