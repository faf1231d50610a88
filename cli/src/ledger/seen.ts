import { judgeCheckpoint, type Policy } from '@geneward/merkle';
import type { Finding } from './follow.ts';
import { folderName } from './heads.ts';

/** What the witnesses of a policy have seen of its logs, and which of them say nothing that could be held against a log. */
export interface Seen {
  readonly notes: readonly string[];
  readonly silent: readonly Finding[];
}

/** The last checkpoint of each log that each witness has cosigned, as far as it tells: those of two histories come to light here. */
export async function seenByWitnesses(policy: Policy): Promise<Seen> {
  const notes: string[] = [];
  const silent: Finding[] = [];
  const ask = async (name: string, address: string) => {
    const told = await checkpointAt(address);
    if (told === 'unknown') return;
    if (told !== undefined && signedByLog(told, policy)) notes.push(told);
    else
      silent.push({
        code: 'witness_silent',
        detail: `the witness ${name} shows no checkpoint that the log has signed`,
      });
  };
  await Promise.all(
    policy.witnesses.flatMap(({ name, url }) =>
      url === undefined
        ? []
        : policy.logs.map(({ key }) => ask(name, `${url.replace(/\/$/, '')}/${folderName(key.name)}/checkpoint`)),
    ),
  );
  return { notes, silent };
}

/** `unknown`: the witness has never seen this log. */
async function checkpointAt(address: string): Promise<string | undefined> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(30_000) });
    return response.status === 404 ? 'unknown' : response.ok ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}

function signedByLog(note: string, policy: Policy): boolean {
  try {
    judgeCheckpoint(note, policy);
    return true;
  } catch {
    return false;
  }
}
