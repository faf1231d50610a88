import { parseCheckpointText, type Checkpoint } from './checkpoint-text.ts';
import { LogError } from './error.ts';
import { isSameKey, keyTypes, parseVerifierKey, type Algorithms, type Verifier } from './key.ts';
import { parseNote, verifyNote, type Signed } from './note.ts';

/** Lines of a policy at most. */
const lineLimit = 1000;

export interface KnownLog {
  readonly key: Verifier;
  readonly url?: string;
}

export interface KnownWitness extends KnownLog {
  /** What the policy calls it. */
  readonly name: string;
}

interface Group {
  readonly threshold: number;
  readonly members: readonly string[];
}

/** Which logs are believed, and who must have seen a checkpoint: C2SP tlog-policy. */
export interface Policy {
  readonly logs: readonly KnownLog[];
  readonly witnesses: readonly KnownWitness[];
  readonly groups: ReadonlyMap<string, Group>;
  /** Name of a witness or group; undefined when nobody needs to have seen it (`quorum none`). */
  readonly quorum: string | undefined;
}

/**
 * Reads a policy file.
 * @throws LogError `policy_malformed` with the line
 */
export function parsePolicy(text: string, more: Algorithms = {}): Policy {
  const logs: KnownLog[] = [];
  const witnesses: KnownWitness[] = [];
  const groups = new Map<string, Group>();
  const members = new Set<string>();
  let quorum: string | undefined | null = null;
  const named = (name: string) => groups.has(name) || witnesses.some((witness) => witness.name === name);

  const lines = text.split('\n');
  if (lines.length > lineLimit) throw new LogError('policy_malformed', `a policy has at most ${lineLimit} lines`);
  for (const [at, line] of lines.entries()) {
    const fail = (why: string): never => {
      throw new LogError('policy_malformed', `line ${at + 1}: ${why}`);
    };
    // oxlint-disable-next-line no-control-regex -- control characters are what is refused
    if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(line)) fail('control characters are not allowed');
    const [word, ...rest] = line.split(/[ \t]+/).filter((part) => part !== '');
    if (word === undefined || word.startsWith('#')) continue;
    const keyOf = (encoded: string | undefined): Verifier => {
      try {
        return parseVerifierKey(encoded ?? '', more);
      } catch (error) {
        return fail(error instanceof LogError ? error.message : 'not a key');
      }
    };
    if (word === 'log') {
      const [encoded, url, ...more] = rest;
      const key = keyOf(encoded);
      if (more.length > 0) fail('log <vkey> [<url>]');
      if (key.type !== keyTypes.ed25519) fail('not a key of a log');
      if (logs.some((log) => isSameKey(log.key, key))) fail('this log stands in the policy already');
      logs.push({ key, ...(url !== undefined && { url }) });
    } else if (word === 'witness') {
      const [name = '', encoded, url, ...more] = rest;
      const key = keyOf(encoded);
      if (more.length > 0 || name === 'none' || named(name)) fail('witness <new name> <vkey> [<url>]');
      if (key.type === keyTypes.ed25519) fail('not a key of a witness');
      if (witnesses.some((witness) => isSameKey(witness.key, key))) fail('this witness stands in the policy already');
      witnesses.push({ name, key, ...(url !== undefined && { url }) });
    } else if (word === 'group') {
      const [name = '', count = '', ...of] = rest;
      const threshold =
        count === 'all' ? of.length : count === 'any' ? 1 : /^[1-9]\d*$/.test(count) ? Number(count) : 0;
      if (name === '' || name === 'none' || named(name)) fail('a group needs a new name');
      if (threshold < 1 || threshold > of.length) fail('the threshold lies between 1 and the number of members');
      for (const member of of) {
        if (!named(member)) fail(`${member} is not defined above`);
        if (members.has(member)) fail(`${member} is a member already`);
        members.add(member);
      }
      groups.set(name, { threshold, members: of });
    } else if (word === 'quorum') {
      const [name = '', ...more] = rest;
      if (quorum !== null || more.length > 0) fail('a policy has one quorum');
      if (name !== 'none' && !named(name)) fail(`${name} is not defined above`);
      quorum = name === 'none' ? undefined : name;
    } else fail(`"${word}" is none of log, witness, group, quorum`);
  }
  if (quorum === null) throw new LogError('policy_malformed', 'a policy has a quorum line');
  return { logs, witnesses, groups, quorum };
}

/** Whether these witnesses are enough. @param names as the policy calls them */
export const isQuorum = (policy: Policy, names: ReadonlySet<string>): boolean =>
  policy.quorum === undefined || hasSeen(policy, policy.quorum, names);

function hasSeen({ groups }: Policy, wanted: string, names: ReadonlySet<string>): boolean {
  const saw = (name: string): boolean => {
    const group = groups.get(name);
    return group ? group.members.filter(saw).length >= group.threshold : names.has(name);
  };
  return saw(wanted);
}

/** Name of the group of a policy that holds the validators of a consortium chain: enough of them make a checkpoint final. */
const chainGroup = 'chain';

/** Whether so many validators have signed as the policy's group `chain` asks for; without such a group nothing is final. */
export const isFinal = (policy: Policy, names: ReadonlySet<string>): boolean =>
  policy.groups.has(chainGroup) && hasSeen(policy, chainGroup, names);

/** Keys of the validators that a policy names in its group `chain`, and how many of them make a checkpoint final. */
export function chainCosigners(policy: Policy): { readonly keys: readonly Verifier[]; readonly threshold: number } {
  const group = policy.groups.get(chainGroup);
  const keys = policy.witnesses.filter(({ name }) => group?.members.includes(name)).map(({ key }) => key);
  return { keys, threshold: group?.threshold ?? 0 };
}

/** What a signed checkpoint is worth under a policy. */
export interface Judged {
  readonly checkpoint: Checkpoint;
  readonly log: KnownLog;
  readonly witnesses: readonly { readonly witness: KnownWitness; readonly time: bigint }[];
  /** Witnesses were asked for, and enough have seen it. */
  readonly witnessed: boolean;
  /** Enough validators of the policy's chain have signed it. */
  readonly final: boolean;
}

/**
 * Verifies a checkpoint: a known log whose key bears the origin's name has signed it. Who has seen it is told, and is the
 * caller's to ask for with `requireQuorum`.
 * @throws LogError
 */
export function judgeCheckpoint(note: string | Uint8Array, policy: Policy): Judged {
  const parsed = parseNote(note);
  const checkpoint = parseCheckpointText(parsed.text);
  const logs = policy.logs.filter(({ key }) => key.name === checkpoint.origin);
  const signed = verifyNote(parsed, [...logs.map(({ key }) => key), ...policy.witnesses.map(({ key }) => key)]);
  const by = (known: KnownLog): Signed | undefined => signed.find(({ verifier }) => verifier === known.key);
  const log = logs.find(by);
  if (!log) throw new LogError('not_signed', `no known key has signed as ${checkpoint.origin}`);
  const witnesses = policy.witnesses.flatMap((witness) => {
    const line = by(witness);
    return line ? [{ witness, time: line.time }] : [];
  });
  const names = new Set(witnesses.map(({ witness }) => witness.name));
  const witnessed = policy.quorum !== undefined && isQuorum(policy, names);
  return { checkpoint, log, witnesses, witnessed, final: isFinal(policy, names) };
}

/** @throws LogError `quorum_missing` when the policy asks for witnesses and too few have seen it */
export function requireQuorum(judged: Judged, policy: Policy): void {
  if (policy.quorum !== undefined && !judged.witnessed)
    throw new LogError(
      'quorum_missing',
      `too few witnesses: ${judged.witnesses.length} of those that the policy names`,
    );
}
