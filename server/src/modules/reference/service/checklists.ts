import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { openLabel, type QueryOf, type ReplyOf, type referenceRoutes } from '@geneward/api';
import {
  importEnaChecklists,
  importMixs,
  ImportProblem,
  toJsonSchema,
  type Checklist,
  type Imported,
  type ObjectType,
} from '@geneward/metadata';
import { record } from '../../../platform/audit.ts';
import type { Config } from '../../../platform/config.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import { Problem } from '../../../platform/problem.ts';
import { authorize } from '../../access/index.ts';
import { arriving } from '../../files/index.ts';
import { builtIn, checklistBook } from '../checklists.ts';
import { lockChecklists, saveChecklist } from '../store-checklist.ts';

type Routes = typeof referenceRoutes;
type Import = ReplyOf<Routes['importChecklists']>;

/** Checklists of the installation: built-in ones first, then imported ones. */
export async function listChecklists(
  { db }: Context,
  object: ObjectType | undefined,
): Promise<ReplyOf<Routes['listChecklists']>> {
  const all = [...(await checklistBook(db)).values()].filter((one) => object === undefined || one.object === object);
  const order = (one: Checklist) => `${builtIn.has(one.id) ? 0 : 1} ${one.id}`;
  return { items: all.toSorted((a, b) => (order(a) < order(b) ? -1 : 1)).map(briefView) };
}

/** One checklist with its fields. */
export async function getChecklist(context: Context, id: string): Promise<ReplyOf<Routes['getChecklist']>> {
  const checklist = await findChecklist(context, id);
  return { ...checklist, ...briefView(checklist) };
}

/** One checklist as JSON Schema, for tools that know only that. */
export async function getChecklistSchema(context: Context, id: string): Promise<Record<string, unknown>> {
  return { ...toJsonSchema(await findChecklist(context, id)) };
}

/** A checklist by its id. Throws `not_found`. */
export async function findChecklist({ db }: Context, id: string): Promise<Checklist> {
  const checklist = (await checklistBook(db)).get(id);
  if (!checklist) throw new Problem('not_found');
  return checklist;
}

const briefView = ({ id, version, object, label, description, authority }: Checklist) => ({
  id,
  version,
  object,
  label,
  description,
  authority,
  builtIn: builtIn.has(id),
});

/** Most bytes of a document of checklists; MIxS as a whole has less than two million. */
const documentBytes = 32 * 1024 * 1024;

/** Reads checklists as their keepers publish them, and installs them. The same document again changes nothing. */
export async function importChecklists(
  context: Context,
  { http }: Pick<Config, 'http'>,
  bytes: Readable,
  { id = 'unnamed', prefix = '' }: QueryOf<Routes['importChecklists']>,
): Promise<Import> {
  authorize(context, 'checklist:import', { kind: 'installation', id: 'installation', label: openLabel });
  const text = await textOf(bytes, http.uploadIdleSeconds);
  const { checklists, notes } = read(text, id);
  const chosen = checklists.filter((checklist) => checklist.id.startsWith(prefix));
  const ours = chosen.find((checklist) => builtIn.has(checklist.id));
  if (ours) throw new Problem('checklist_built_in', { params: { id: ours.id } });
  const imported = await transaction(context.db, async (tx) => {
    const inner = { ...context, db: tx };
    const before = await lockChecklists(
      tx,
      chosen.map((checklist) => checklist.id),
    );
    const done: Import['imported'] = [];
    for (const checklist of chosen) {
      const sha256 = hashOf(JSON.stringify(checklist));
      const known = before.get(checklist.id);
      const change = known === undefined ? 'new' : known === sha256 ? 'same' : 'replaced';
      if (change !== 'same') await saveChecklist(tx, checklist, { sha256, by: personOf(context), at: context.now() });
      done.push({ id: checklist.id, version: checklist.version, change });
    }
    const count = (change: string) => done.filter((one) => one.change === change).length;
    await record(tx, inner, {
      type: 'reference.checklists_imported',
      content: { new: count('new'), replaced: count('replaced'), same: count('same'), sha256: hashOf(text) },
    });
    return done;
  });
  const names = new Set(imported.map((one) => one.id));
  return { imported, notes: notes.filter((note) => names.has(note.checklist)).slice(0, 1000) };
}

function read(text: string, id: string): Imported {
  try {
    return /^\s*</.test(text) ? importEnaChecklists(text, id) : importMixs(text);
  } catch (error) {
    if (!(error instanceof ImportProblem)) throw error;
    throw new Problem('checklist_unreadable', { params: { reason: error.message }, cause: error });
  }
}

async function textOf(bytes: Readable, idleSeconds: number): Promise<string> {
  const parts: Uint8Array[] = [];
  const limits = { idleSeconds, limit: BigInt(documentBytes), onBytes: () => undefined };
  try {
    for await (const chunk of arriving(bytes, limits)) parts.push(chunk);
  } catch (error) {
    if (error instanceof Problem && error.code === 'file_too_large')
      throw new Problem('body_too_large', { params: { limit: documentBytes } });
    throw error;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch (error) {
    throw new Problem('checklist_unreadable', { params: { reason: 'not UTF-8' }, cause: error });
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

function personOf({ principal }: Context): string {
  if (principal.kind !== 'person') throw new Problem('unauthenticated');
  return principal.id;
}
