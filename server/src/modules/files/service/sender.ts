import { openLabel } from '@geneward/api';
import type { Context, Principal } from '../../../platform/context.ts';
import { Problem } from '../../../platform/problem.ts';
import { authorize } from '../../access/index.ts';
import type { Owner } from '../store.ts';

/** Whose inbox the caller may send to. */
export function mayUpload(context: Context): Owner {
  const { principal } = context;
  const person = principal.kind === 'person' ? principal : undefined;
  authorize(context, 'file:upload', {
    kind: 'file',
    id: 'inbox',
    ...(person && { organisation: person.organisation, owner: person.id }),
    label: openLabel,
  });
  if (!person) throw new Problem('unauthenticated');
  return { organisation: person.organisation, person: person.id };
}

/** An upload belongs to who began it: when the credentials end, so does the upload. */
export function sameSender(now: Principal, context: Context): void {
  const before = context.principal;
  if (now.kind !== 'person' || before.kind !== 'person' || now.id !== before.id) throw new Problem('unauthenticated');
  mayUpload({ ...context, principal: now });
}
