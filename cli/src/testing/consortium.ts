import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { canonicalJson, explainJob, jobLayer, jobResult, type JobResult, type JobSpecification } from '@geneward/api';
import { makeCertificate } from '../party/certificate.ts';
import { checkAllowed, fingerprintOf, readPolicy } from '../party/policy.ts';
import { approve, commit, hashOf, type Role } from '../party/records.ts';
import { emptyFolder, geneward, type Ended } from './run.ts';

/** One institution on this machine: its folder, certificate, policy and data. */
export interface Institution {
  readonly name: string;
  readonly folder: string;
  readonly policy: string;
  readonly fingerprint: string;
  readonly port: number;
}

/** Free ports, asked of the system. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

/** Institutions that name each other as partners; `change` edits a policy before it is written, `files` lie beside it. */
export async function consortium(
  names: readonly string[],
  change: (policy: Record<string, unknown>, name: string) => void = () => undefined,
  files: Readonly<Record<string, string>> = {},
): Promise<Institution[]> {
  const places = await Promise.all(
    names.map(async (name) => {
      const folder = emptyFolder();
      mkdirSync(join(folder, 'data'));
      const { key, certificate } = await makeCertificate(name);
      writeFileSync(join(folder, 'party.key'), key);
      writeFileSync(join(folder, 'party.crt'), certificate);
      for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
      const fingerprint = fingerprintOf(certificate);
      return { name, folder, policy: join(folder, 'policy.json'), fingerprint, port: await freePort() };
    }),
  );
  for (const place of places) {
    const policy: Record<string, unknown> = {
      name: place.name,
      listen: { host: '127.0.0.1', port: place.port },
      certificate: 'party.crt',
      key: 'party.key',
      folders: ['data'],
      records: 'records',
      kinds: Object.keys(jobLayer),
      partners: places
        .filter((other) => other !== place)
        .map(({ name, port, fingerprint }) => ({ name, host: '127.0.0.1', port, fingerprint })),
      thresholds: { parties: 2, individuals: 1, cell: 0 },
      limits: { silentSeconds: 20, connectSeconds: 20 },
    };
    change(policy, place.name);
    writeFileSync(place.policy, JSON.stringify(policy));
  }
  return places;
}

/** Puts files into an institution's folder and commits to them. */
export async function commitFiles(
  place: Institution,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<string> {
  const inputs = Object.entries(files).map(([role, content]) => {
    const path = join(place.folder, 'data', `input.${role}`);
    writeFileSync(path, content);
    return { role: role as Role, path };
  });
  return commit(readPolicy(place.policy), inputs);
}

/** A specification over the institutions. */
export function specification(
  places: readonly Institution[],
  commitments: readonly string[],
  analysis: JobSpecification['analysis'],
  more: Partial<JobSpecification> = {},
): JobSpecification {
  return {
    version: 1,
    analysis,
    parties: places.map(({ name, fingerprint }, at) => ({ name, fingerprint, commitment: commitments[at] ?? '' })),
    thresholds: { individuals: 1, cell: 0 },
    ambiguous: 'exclude',
    purpose: 'Test of a joint analysis',
    references: ['ETHICS-2026-1'],
    nonce: '00'.repeat(32),
    ...more,
  };
}

/** Writes the specification to an institution and approves it there. Throws PartyProblem where its policy does not. */
export function approveAt(place: Institution, job: JobSpecification): void {
  writeFileSync(join(place.folder, 'job.json'), canonicalJson(job));
  const policy = readPolicy(place.policy);
  checkAllowed(policy, job);
  approve(policy, hashOf(job), 'Dr Lin', explainJob(job), '2026-01-01T00:00:00Z');
}

/** Starts an institution's process. */
export const runAt = (place: Institution): Promise<Ended> =>
  geneward([
    '--json',
    'party',
    'run',
    join(place.folder, 'job.json'),
    '--policy',
    place.policy,
    '--out',
    join(place.folder, 'out'),
  ]);

export const outputOf = (place: Institution, name: string): string =>
  readFileSync(join(place.folder, 'out', name), 'utf8');

/** Runs a job at all institutions, checks that it ends well and that its receipt holds; the result that they agree on. */
export async function studyOf(
  places: readonly Institution[],
  commitments: readonly string[],
  analysis: JobSpecification['analysis'],
  more: Partial<JobSpecification> = {},
): Promise<JobResult> {
  const job = specification(places, commitments, analysis, more);
  for (const place of places) approveAt(place, job);
  const ended = await Promise.all(places.map(runAt));
  const failed = ended.find(({ code }) => code !== 0);
  if (failed) throw new Error(failed.err);
  const results = places.map((place) => outputOf(place, 'result.json'));
  if (new Set(results).size !== 1) throw new Error('the parties have different results');
  const verified = await geneward(['job', 'verify', join(places[0]?.folder ?? '', 'out')]);
  if (verified.code !== 0) throw new Error(verified.err);
  return jobResult.parse(JSON.parse(results[0] ?? ''));
}
