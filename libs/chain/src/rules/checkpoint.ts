import {
  equal,
  parseCheckpointText,
  parseNote,
  portableSha256,
  treeHasher,
  utf8,
  verifyConsistency,
  verifyNote,
  type Checkpoint,
} from '@geneward/merkle';
import { Refusal } from '../error.ts';
import type { Memo } from '../memo.ts';
import { logKind } from '../record.ts';
import { read, write } from '../state.ts';
import type { Act } from '../transaction.ts';
import { hex } from './membership.ts';
import { event, type Rule } from './setting.ts';

type Of<T extends Act['type']> = Extract<Act, { readonly type: T }>;

const hasher = treeHasher();
/** Characters of a checkpoint's text at most. */
const textLimit = 1024;
/** Heads that an input's proof may lead to. */
const recentHeads = 16;

function parse(note: string) {
  try {
    const parsed = parseNote(note);
    if (parsed.text.length > textLimit) throw new Refusal('limit', 'text of a checkpoint');
    return { note: parsed, checkpoint: parseCheckpointText(parsed.text) };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('checkpoint_bad', error instanceof Error ? error.message : '');
  }
}

/** A checkpoint that one of these keys has signed. @throws Refusal `checkpoint_bad` */
function signedBy(text: string, keys: readonly string[], memo: Memo): Checkpoint {
  const { note, checkpoint } = parse(text);
  const name = `note ${keys.join(' ')} ${hex(portableSha256(utf8(text)))}`;
  const right = memo.verdict(name, () => {
    try {
      const verifiers = keys.map((key) => memo.verifier(key)).filter((key) => key.name === checkpoint.origin);
      return verifyNote(note, verifiers).length > 0;
    } catch {
      return false;
    }
  });
  if (!right) throw new Refusal('checkpoint_bad', 'not signed by the log');
  return checkpoint;
}

/**
 * Accepts a head that extends the one on the chain. Whoever of the members sends it, the log has signed it, and the proof
 * (RFC 9162 section 2.1.4.2) shows that nothing was taken back.
 */
export const submitCheckpoint: Rule<Of<'SubmitCheckpoint'>> = (state, act, { time, memo }) => {
  const { note, checkpoint } = parse(act.note);
  const { origin, size, root } = checkpoint;
  const log = read(state, logKind, origin);
  if (!log) throw new Refusal('unknown_log', origin);
  if (log.frozen) throw new Refusal('log_frozen', origin);
  if (size <= log.size) throw new Refusal('checkpoint_old', `the chain has ${log.size}`);
  if (!verifyConsistency(hasher, log, checkpoint, act.proof)) throw new Refusal('proof_wrong', `from ${log.size}`);
  signedBy(act.note, log.keys.slice(-1), memo);
  const recent = [...log.recent, { size, root }].slice(-recentHeads);
  return {
    state: write(state, logKind, origin, { ...log, size, root, text: note.text, time, recent }),
    events: [event('checkpoint', { origin, size: String(size), root: hex(root) })],
  };
};

/**
 * Freezes a log that has signed two histories: two roots at one size, or a root that the larger tree, by its own root, did not
 * have at that size. Keys that the log has put away count as well: what it signed then it still has to stand for.
 */
export const reportEquivocation: Rule<Of<'ReportEquivocation'>> = (state, act, { member, memo }) => {
  const { origin } = parse(act.first).checkpoint;
  const log = read(state, logKind, origin);
  if (!log) throw new Refusal('unknown_log', origin);
  if (log.frozen) throw new Refusal('log_frozen', origin);
  const first = signedBy(act.first, log.keys, memo);
  const second = signedBy(act.second, log.keys, memo);
  if (second.origin !== origin || first.size > second.size) throw new Refusal('no_equivocation');
  const sameSize = first.size === second.size;
  const prefix = { size: first.size, root: act.prefixRoot };
  const actual = sameSize ? second.root : act.prefixRoot;
  if (
    sameSize ? act.proof.length > 0 || act.prefixRoot.length > 0 : !verifyConsistency(hasher, prefix, second, act.proof)
  )
    throw new Refusal('proof_wrong');
  if (equal(first.root, actual)) throw new Refusal('no_equivocation');
  return {
    state: write(state, logKind, origin, { ...log, frozen: true }),
    events: [event('equivocation', { origin, size: String(first.size), reporter: member })],
  };
};
