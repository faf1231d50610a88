import {
  commonProblems,
  dataReasons,
  downloadProblems,
  uuid,
  type Action,
  type FileReport,
  type FileView,
  type QueryOf,
  type ReplyOf,
  type filesRoutes,
} from '@geneward/api';
import { fileRules } from '@geneward/formats';
import { combineCatalogues, render, type Finding, type Language } from '@geneward/metadata';
import { authorize, decide, meaningOf, scopeOf, type Resource } from '../../access/index.ts';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import { Problem } from '../../../platform/problem.ts';
import { Refusal } from '../../../platform/refuse.ts';
import type { FilesPorts } from '../ports.ts';
import { dataReason, shownState } from '../rules.ts';
import * as store from '../store.ts';
import * as tokens from '../token-store.ts';

const catalogue = combineCatalogues(fileRules);

/** Finds a file that the caller may know of; its data, when `data` says so. Unknown and forbidden look alike. */
export async function readable(
  context: Context,
  id: string,
  ports: Pick<FilesPorts, 'holder'>,
  data: boolean,
): Promise<store.FileRow> {
  return (await permitted(context, id, ports, data)).file;
}

/**
 * The same with the policies that permit it. Who may know of the data and not read them is told why. A right that has ended takes
 * the file from the download token by which it was used.
 */
export async function permitted(
  context: Context,
  id: string,
  ports: Pick<FilesPorts, 'holder'>,
  data: boolean,
): Promise<{ file: store.FileRow; policies: readonly string[] }> {
  const token = tokenOf(context);
  const scopes = token === undefined ? undefined : await tokens.scopesFor(context.db, token, id);
  if (token !== undefined && !scopes) throw new Problem('download_token_other');
  const principal = scopes ? { ...context.principal, scopes } : context.principal;
  const file = await store.fileById(context.db, id);
  if (!file) throw new Problem('not_found');
  const claim = claimOf(file);
  const holder = claim && (await ports.holder(context.db, claim, id));
  const resource = holder?.kind === 'object' || holder?.kind === 'submission' ? holder : resourceOf(file);
  const action = actionOn(resource.kind, data);
  try {
    authorize({ ...context, principal }, action, resource);
  } catch (error) {
    if (token !== undefined) await endFor(context, token, id);
    throw data && principal.kind === 'person' ? explained(error, principal, resource, id) : error;
  }
  return { file, policies: decide(principal, action, resource).policies };
}

/** The download token by which the caller acts, if it is one. */
export function tokenOf({ principal }: Context): string | undefined {
  return principal.kind === 'person' && principal.via.kind === 'download' ? principal.via.id : undefined;
}

function actionOn(kind: Resource['kind'], data: boolean): Action {
  if (kind === 'object') return data ? 'object:read_data' : 'object:read_metadata';
  return kind === 'submission' ? 'submission:read' : 'file:read';
}

function explained(error: unknown, who: Parameters<typeof dataReason>[0], resource: Resource, file: string): unknown {
  if (!(error instanceof Refusal && error.code === 'forbidden')) return error;
  const reason = dataReason(who, resource);
  const { event } = error;
  return new Refusal(reason, { ...event, content: { ...event.content, reason } }, { params: { file } });
}

async function endFor(context: Context, token: string, file: string): Promise<void> {
  await transaction(context.db, async (tx) => {
    if (!(await tokens.dropFile(tx, token, file))) return;
    await record(tx, context, {
      type: 'files.download_token_revoked',
      object: { kind: 'download_token', id: token },
      content: { reason: 'right_ended', file },
    });
  });
}

/** Why the caller may, or may not, read the data of a file that they may know of. */
export async function explainFile(
  context: Context,
  id: string,
  ports: Pick<FilesPorts, 'holder'>,
): Promise<ReplyOf<typeof filesRoutes.explainFile>> {
  await readable(context, id, ports, false);
  try {
    const { policies: ids } = await permitted(context, id, ports, true);
    return { allowed: true, code: 'allowed', reasons: ids.flatMap((one) => meaningOf(one) ?? []), policies: [...ids] };
  } catch (error) {
    const code = error instanceof Problem ? dataReasons.find((one) => one === error.code) : undefined;
    if (code === undefined || !(error instanceof Refusal)) throw error;
    const { title } =
      code === 'unauthenticated'
        ? commonProblems.unauthenticated
        : downloadProblems[code as keyof typeof downloadProblems];
    const ids = error.event.content['policies'];
    return { allowed: false, code, reasons: [title], policies: Array.isArray(ids) ? ids.map(String) : [] };
  }
}

/** Files that the caller may see, newest first. */
export async function listFiles(
  context: Context,
  query: QueryOf<typeof filesRoutes.listFiles>,
): Promise<ReplyOf<typeof filesRoutes.listFiles>> {
  const { principal, db } = context;
  if (principal.kind !== 'person') throw new Problem('unauthenticated');
  const scope = scopeOf(principal, 'file:read', {
    organisation: 'file.organisation_id',
    owner: 'file.person_id',
    status: 'file.standing',
    grade: 'file.grade',
    categories: 'file.categories',
    jurisdictions: 'file.jurisdictions',
  });
  const rows = await store.listFiles(db, {
    scope,
    limit: query.limit + 1,
    ...(query.mine && { person: principal.id }),
    ...(query.after && { after: afterOf(query.after) }),
    ...(query.state && { state: query.state }),
    ...(query.name && { name: query.name }),
    ...(query.sha256 && { sha256: query.sha256 }),
  });
  const page = rows.slice(0, query.limit);
  const next = rows.length > page.length ? page.at(-1)?.id : undefined;
  return { items: await viewsOf(context, page), ...(next && { next }) };
}

/** A page begins after the file that ended the one before; anything else is a cursor of another list. */
function afterOf(cursor: string): string {
  const parsed = uuid.safeParse(cursor);
  if (parsed.success) return parsed.data;
  throw new Problem('invalid_request', { issues: [{ path: 'query.after', message: 'not a cursor of this list' }] });
}

export async function getFile(context: Context, id: string, ports: Pick<FilesPorts, 'holder'>): Promise<FileView> {
  return viewOf(context, await readable(context, id, ports, false));
}

/** What a check found, in the reader's language. */
export async function getReport(context: Context, id: string, ports: Pick<FilesPorts, 'holder'>): Promise<FileReport> {
  const file = await readable(context, id, ports, false);
  const { kind, summary = {}, counts = {}, findings = [] } = file.report ?? {};
  return {
    id,
    name: file.name,
    state: stateOf(file),
    ...(kind && { kind }),
    summary: { ...summary },
    counts: { ...counts },
    findings: findings.map((finding) => findingView(finding, file.name, context.language)),
  };
}

function findingView(finding: Finding, name: string, language: Language): FileReport['findings'][number] {
  const { code, level, place, value, suggestion } = finding;
  return {
    code,
    level,
    place: { ...place, file: name },
    ...(value !== undefined && { value }),
    ...(suggestion !== undefined && { suggestion }),
    ...render(finding, language, catalogue),
  };
}

/** @param twins names of others in the same inbox with the same bytes, where they are known already */
export async function viewOf(context: Context, file: store.FileRow, twins?: readonly string[]): Promise<FileView> {
  const [view] = await viewsOf(context, [file], twins && new Map([[file.id, [...twins].toSorted()]]));
  if (!view) throw new Problem('not_found');
  return view;
}

async function viewsOf(
  { db }: Context,
  files: readonly store.FileRow[],
  known?: ReadonlyMap<string, string[]>,
): Promise<FileView[]> {
  const twins = known ?? (await store.twinsOf(db, files));
  return files.map((file) => {
    const { counts = {}, findings = [], summary = {} } = file.report ?? {};
    const levels = new Map(findings.map((finding) => [finding.code as string, finding.level]));
    const of = (level: string) =>
      Object.entries(counts).reduce((sum, [code, count]) => sum + (levels.get(code) === level ? count : 0), 0);
    const claim = claimOf(file);
    return {
      id: file.id,
      name: file.name,
      state: stateOf(file),
      received: Number(file.received),
      ...(file.size && { size: Number(file.size) }),
      ...(file.sha256 && { sha256: file.sha256 }),
      ...(file.md5 && { md5: file.md5 }),
      ...(file.kind && { kind: file.kind }),
      label: labelOf(file),
      owner: { organisation: file.organisation_id, person: file.person_id },
      ...(claim && { claim }),
      uploadedAt: file.uploaded_at.toISOString(),
      ...(file.expires_at && { expiresAt: file.expires_at.toISOString() }),
      sameAs: twins.get(file.id) ?? [],
      summary: { ...summary },
      errors: of('error'),
      warnings: of('warning'),
    };
  });
}

export const stateOf = (file: store.FileRow) =>
  shownState({ state: file.state, claimed: file.claim_kind !== null, lost: file.lost_at !== null });
const labelOf = ({ grade, categories, jurisdictions }: store.FileRow) => ({ grade, categories, jurisdictions });
const claimOf = ({ claim_kind: kind, claim_id: id }: store.FileRow) => (kind && id ? { kind, id } : undefined);

export function resourceOf(file: store.FileRow) {
  const { id, organisation_id: organisation, person_id: owner, standing: status } = file;
  return { kind: 'file', id, organisation, owner, status, label: labelOf(file) } as const;
}
