import { uuid } from '@geneward/api';
import type { Context } from '../../../platform/context.ts';
import { decide } from '../../access/index.ts';
import type { FilesPorts } from '../ports.ts';
import { fileById } from '../store.ts';
import { isOwnToken } from '../token-store.ts';
import { readable, resourceOf } from './read.ts';

/** A file or a token for downloads, so that the ledger can tell its life. */
interface Trace {
  readonly object: string;
  readonly accession: undefined;
  readonly type: 'file' | 'download_token';
  /** The caller may see every act: also who else was given the file. */
  readonly whole: boolean;
  readonly subjects: readonly { readonly kind: string; readonly id: string }[];
}

const traceOf = (type: Trace['type'], id: string, whole: boolean): Trace => ({
  object: id,
  accession: undefined,
  type,
  whole,
  subjects: [{ kind: type, id }],
});

/** What a name means to this module; undefined when it is none of its names. Refuses like any other reading of the file. */
export async function traceFile(
  context: Context,
  name: string,
  ports: Pick<FilesPorts, 'holder'>,
): Promise<Trace | undefined> {
  if (!uuid.safeParse(name).success) return undefined;
  const { db, principal } = context;
  if (principal.kind === 'person' && (await isOwnToken(db, principal.id, name)))
    return traceOf('download_token', name, true);
  if (!(await fileById(db, name))) return undefined;
  const file = await readable(context, name, ports, false);
  return traceOf('file', name, decide(principal, 'file:read', resourceOf(file)).allowed);
}
