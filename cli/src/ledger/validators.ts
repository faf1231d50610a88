import { chainClient, type ValidatorRecord } from '@geneward/chain';
import type { Finding } from './follow.ts';

/**
 * What the validators of the consortium's chain were proved to have done, as its nodes tell. One node may keep silent about it, so
 * several are asked and what any of them tells counts.
 * @param nodes JSON-RPC addresses
 */
export async function validatorFaults(nodes: readonly string[]): Promise<Finding[]> {
  const told = await Promise.all(
    nodes.map((address) =>
      chainClient((method, params) => call(address, method, params))
        .validators()
        .catch(() => undefined),
    ),
  );
  const silent = nodes.filter((_, at) => told[at] === undefined);
  const known = new Map(told.flatMap((one) => [...(one ?? [])].filter(([, { faults }]) => faults.length > 0)));
  return [
    ...[...known].map(([address, record]) => ({
      code: 'validator_convicted' as const,
      detail: describe(address, record),
    })),
    ...silent.map((address) => ({ code: 'node_silent' as const, detail: `the node ${address} does not answer` })),
  ];
}

const describe = (address: string, { power, faults }: ValidatorRecord): string =>
  [
    `validator ${address}`,
    ...faults.map(({ kind, height }) => `${kind} at height ${height}`),
    power === 0n ? 'its vote counts no more' : 'as the last one it still votes',
  ].join(', ');

async function call(address: string, method: string, params: Readonly<Record<string, unknown>>): Promise<unknown> {
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    signal: AbortSignal.timeout(10_000),
  });
  const { result, error } = (await answer.json()) as { result?: unknown; error?: { message: string } };
  if (error) throw new Error(error.message);
  return result;
}
