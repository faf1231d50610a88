import { madeUpDataset, madeUpName } from '@geneward/phylo';
import type { Server } from '../src/platform/http.ts';
import type { TestParts } from './parts.ts';
import type { TestPerson } from './people.ts';
import { runJobs } from './run-jobs.ts';
import { callerOf } from './studies.ts';

/** Terms under which batches of tests come. */
export const laboratory = { source: 'Lakeside laboratory', license: 'CC-BY-4.0', terms: 'Cite the laboratory.' };

/** Sends a batch as somebody and has it told. Throws what the server answered when it refused. */
export async function sendBatch(
  { server, parts }: { server: Server; parts: TestParts },
  who: TestPerson,
  given: { records: string; fasta: string; shared?: boolean; terms?: typeof laboratory },
): Promise<string> {
  const { status, body } = await callerOf(server)(who, 'POST', '/virus/batches', {
    title: 'Batch of a test',
    dataset: madeUpName,
    shared: given.shared ?? false,
    ...(given.terms ?? laboratory),
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
  for (const [part, payload] of [
    ['records', given.records],
    ['genomes', given.fasta],
  ] as const) {
    const answer = await server.inject({
      method: 'PUT',
      url: `/api/v1/virus/batches/${body.id}/${part}`,
      headers: { ...who.headers, 'content-type': 'application/octet-stream' },
      payload: Buffer.from(payload),
    });
    if (answer.statusCode > 202) throw new Error(answer.body);
  }
  await runJobs(parts);
  return body.id as string;
}

const bases = new Map(
  new TextDecoder()
    .decode(madeUpDataset().get('sequences.fasta'))
    .trimEnd()
    .split(/\n?>/u)
    .filter((record) => record !== '')
    .map((record) => record.split('\n') as [string, string]),
);

/** A genome of each of these clades of the made-up virus. */
const examples = { A: 'EXAMPLE/2', 'A.2': 'EXAMPLE/8' } as const;
export type Clade = keyof typeof examples;

export interface Taken {
  readonly clade: Clade;
  readonly date: string;
  readonly place: string;
}

/** Genomes with table and sequences, named after when and where they were taken. */
export function genomesOf(taken: readonly Taken[]): { records: string; fasta: string } {
  const named = taken.map((one, at) => ({ ...one, name: `${one.place}/${one.date}/${at}` }));
  return {
    records: ['strain\tdate\tcountry', ...named.map(({ name, date, place }) => `${name}\t${date}\t${place}`)].join(
      '\n',
    ),
    fasta: named.map(({ name, clade }) => `>${name}\n${bases.get(examples[clade])}\n`).join(''),
  };
}

/** Days of three places in which A.2 takes the place of A: so many genomes a day, by the days since `from`. */
export function turnover(from: string, days: readonly [first: number, last: number], daily = 4): Taken[] {
  const taken: Taken[] = [];
  for (const [at, place] of ['Aria', 'Calda', 'Doria'].entries())
    for (let day = days[0]; day <= days[1]; day++) {
      const date = new Date(Date.parse(`${from}T00:00:00Z`) + day * 86_400_000).toISOString().slice(0, 10);
      const share = 1 / (1 + Math.exp(-(day - 45 + 4 * at) / 9));
      for (let genome = 0; genome < daily; genome++)
        taken.push({ clade: (genome + 0.5) / daily + ((day % 3) - 1) / 9 < share ? 'A.2' : 'A', date, place });
    }
  return taken;
}
