import { fromBase64, parseDecimal, toBase64 } from './bytes.ts';
import { LogError } from './error.ts';
import { hashLength } from './hash.ts';

/** What a log says of itself at a size: C2SP tlog-checkpoint. */
export interface Checkpoint {
  /** Which log. */
  readonly origin: string;
  readonly size: bigint;
  readonly root: Uint8Array;
  /** Lines after the three; nobody vouches for them but the log. */
  readonly extensions: readonly string[];
}

/** The text that is signed. */
export function formatCheckpointText(given: {
  readonly origin: string;
  readonly size: bigint;
  readonly root: Uint8Array;
  readonly extensions?: readonly string[];
}): string {
  const { origin, size, root, extensions = [] } = given;
  return `${[origin, String(size), toBase64(root), ...extensions].join('\n')}\n`;
}

/**
 * @param text body of a signed note, with its last newline
 * @throws LogError `checkpoint_malformed`
 */
export function parseCheckpointText(text: string): Checkpoint {
  const [origin = '', size = '', root = '', ...rest] = text.split('\n');
  const extensions = rest.slice(0, -1);
  if (rest.at(-1) !== '' || origin === '' || extensions.includes(''))
    throw new LogError('checkpoint_malformed', 'a checkpoint has an origin, a size, a root and no empty line');
  try {
    const parsed = { origin, size: parseDecimal(size), root: fromBase64(root), extensions };
    if (parsed.root.length === hashLength) return parsed;
  } catch {
    // Told below.
  }
  throw new LogError('checkpoint_malformed', 'the size or the root of a checkpoint cannot be read');
}
