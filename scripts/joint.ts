import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { commandLine, type CommandLine } from './demo/command-line.ts';
import type { People } from './installation.ts';

/** An institution with its party process beside its data, and the two people who propose and approve for it. */
export interface JointPlace {
  readonly name: string;
  readonly home: string;
  readonly policy: string;
  readonly fingerprint: string;
  readonly commitment: string;
  readonly submitter: CommandLine;
  readonly committee: CommandLine;
}

/** A port that nobody listens on at the moment. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

/**
 * Institutions on this machine through the public API and the command line: each with an organisation, a submitter, a committee
 * member, key, policy, registered certificate and a commitment to its files.
 * @param files by institution, file content by role
 */
export async function jointPlaces(
  { address, people, folder }: { address: string; people: People; folder: string },
  names: readonly string[],
  files: readonly Readonly<Record<string, string | Uint8Array>>[],
  allowed: { kinds: readonly string[]; thresholds: { parties: number; individuals: number; cell: number } },
): Promise<JointPlace[]> {
  const begun = [];
  for (const name of names) {
    const home = join(folder, name);
    mkdirSync(join(home, 'data'), { recursive: true });
    const organisation = await people.organisation(name, `Institute ${name}`, `${name} 研究所`);
    const invite = (role: 'submitter' | 'committee_member') =>
      people.invite({ email: `${role}@${name}.example`, name: `Dr ${name} ${role}`, roles: [role], organisation });
    const submitter = commandLine(`${name}/submitter`, await invite('submitter'), address);
    const committee = commandLine(`${name}/committee`, await invite('committee_member'), address);
    const { fingerprint } = (await submitter.json(['party', 'certificate', name, '--out', home])) as {
      fingerprint: string;
    };
    begun.push({
      name,
      home,
      submitter,
      committee,
      fingerprint,
      port: await freePort(),
      policy: join(home, 'policy.json'),
    });
  }
  const places: JointPlace[] = [];
  for (const [at, { port, ...place }] of begun.entries()) {
    const { name, home, policy } = place;
    writeFileSync(
      policy,
      JSON.stringify({
        name,
        listen: { host: '127.0.0.1', port },
        certificate: 'party.crt',
        key: 'party.key',
        folders: ['data'],
        records: 'records',
        ...allowed,
        partners: begun
          .filter((other) => other.name !== name)
          .map((other) => ({ name: other.name, host: '127.0.0.1', port: other.port, fingerprint: other.fingerprint })),
      }),
    );
    const inputs = Object.entries(files[at] ?? {}).map(([role, content]) => {
      const path = join(home, 'data', `cohort.${role}`);
      writeFileSync(path, content);
      return `${role}=${path}`;
    });
    await place.submitter.json(['party', 'register', '--policy', policy]);
    const { commitment } = (await place.submitter.json(['party', 'commit', ...inputs, '--policy', policy])) as {
      commitment: string;
    };
    places.push({ ...place, commitment });
  }
  return places;
}
