import { rmSync } from 'node:fs';
import type { Figure } from './figure.ts';
import { startServer, temporaryData } from '../scripts/server.ts';

/** Start to ready on a data directory that exists, median of five; beside it the very first start on an empty one. */
export async function run(): Promise<Figure[]> {
  const data = temporaryData('bench');
  try {
    const first = await once(data);
    const again: number[] = [];
    for (let round = 0; round < 5; round += 1) again.push(await once(data));
    return [
      { name: 'start.existing', value: again.toSorted((a, b) => a - b)[2] ?? 0, unit: 's', better: 'lower', target: 5 },
      { name: 'start.first', value: first, unit: 's', better: 'lower' },
    ];
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

async function once(data: string): Promise<number> {
  const server = await startServer(data);
  await server.stop();
  return Math.round(server.readyAfter) / 1000;
}
