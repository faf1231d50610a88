import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { Action, Role } from '@geneward/api';
import type { Principal } from '../../platform/context.ts';
import { actingAs, carriesScope } from './decide.ts';
import { policies } from './policies.ts';

/** Acts that select rows of a list. */
export const listActions = [
  'object:read_metadata',
  'object:read_data',
  'catalog:search',
  'submission:read',
  'submission:review',
  'file:read',
  'job:read',
  'genomes:read',
  'forecast:read',
  'event:read',
] as const satisfies readonly Action[];
export type ListAction = (typeof listActions)[number];

/** Where the things that policies ask for stand in a query: column names, with the table's alias when there is one. */
export interface ScopeColumns {
  /** uuid of the owning organisation. */
  readonly organisation: string;
  /** uuid of the person who made it. */
  readonly owner: string;
  readonly status?: string;
  /** Only things with a manner of access have it. */
  readonly manner?: string;
  readonly grade: string;
  /** text[] */
  readonly categories: string;
  /** text[] */
  readonly jurisdictions: string;
}

type Person = Extract<Principal, { kind: 'person' }>;
type Test = boolean | RawBuilder<SqlBool>;
/** A policy in SQL. */
type Twin = (columns: ScopeColumns, person: Person | undefined, principal: Principal, action: ListAction) => Test;

const published: Twin = (c) => oneOf(c.status, ['released', 'suppressed']);

const openData: Twin = (c, ...call) => all(published(c, ...call), oneOf(c.manner, ['public']), below(c.grade, 3));

/** For each policy that speaks of a list action, the same in SQL. A property test compares them on generated worlds. */
const twins: Readonly<Record<string, Twin>> = {
  platform: (_c, _p, principal) => principal.kind === 'system',
  'token-scope': (_c, p, _principal, action) => p !== undefined && !carriesScope(p.scopes, action),
  search: () => false,
  'published-metadata': (c, p, principal, action) =>
    all(published(c, p, principal, action), oneOf(c.manner, ['public', 'controlled'])),
  'published-search': (c) => all(oneOf(c.status, ['released']), oneOf(c.manner, ['public', 'controlled'])),
  'public-data': openData,
  'own-released-objects': (c, p) =>
    all(
      holds(p, 'reader'),
      ofOwnOrganisation(c, p),
      oneOf(c.status, ['released', 'suppressed', 'withdrawn', 'destroyed']),
    ),
  'own-objects': (c, p) => all(holds(p, 'submitter'), ofOwnOrganisation(c, p)),
  'own-submissions': (c, p) => all(holds(p, 'submitter'), ofOwnOrganisation(c, p)),
  'own-files': (c, p) => all(holds(p, 'submitter'), ofOwnOrganisation(c, p)),
  'metadata-under-review': (c, p) =>
    all(
      holds(p, 'curator'),
      not(oneOf(c.status, ['draft', 'checking', 'released', 'suppressed'])),
      any(below(c.grade, 3), cleared(c, p)),
    ),
  'metadata-under-supervision': (c, p) =>
    all(
      holds(p, 'regulator'),
      oneOf(c.status, ['accepted', 'held', 'released', 'suppressed', 'withdrawn', 'destroyed']),
      any(below(c.grade, 3), cleared(c, p)),
    ),
  events: (_c, p) => holds(p, 'auditor'),
  supervision: (c, p) => all(holds(p, 'regulator'), oneOf(c.status, ['act'])),
  'data-under-review': (c, p) =>
    all(holds(p, 'curator'), oneOf(c.status, ['in_review', 'returned', 'accepted', 'held']), cleared(c, p)),
  review: (c, p) =>
    all(holds(p, 'curator'), not(oneOf(c.status, ['draft', 'checking'])), any(below(c.grade, 3), cleared(c, p))),
  'nobody-reviews-himself': (c, p) =>
    p === undefined ? false : sql<SqlBool>`${sql.ref(c.owner)} is not distinct from ${p.id}::uuid`,
  'files-under-review': (c, p) => all(holds(p, 'curator'), oneOf(c.status, ['claimed']), cleared(c, p)),
  'joint-jobs': (c, p) =>
    all(
      any(holds(p, 'submitter'), holds(p, 'committee_member')),
      ofOwnOrganisation(c, p),
      oneOf(c.manner, ['private']),
    ),
  'joint-results': (c, p) =>
    all(
      any(holds(p, 'submitter'), holds(p, 'committee_member'), holds(p, 'reader')),
      ofOwnOrganisation(c, p),
      oneOf(c.manner, ['private', 'controlled']),
      oneOf(c.status, ['sealed']),
    ),
  'shared-genomes': (c) => all(oneOf(c.status, ['done']), oneOf(c.manner, ['public']), below(c.grade, 3)),
  'own-genomes': (c, p) => all(any(holds(p, 'submitter'), holds(p, 'reader')), ofOwnOrganisation(c, p)),
  'shared-forecasts': (c) => all(oneOf(c.manner, ['public']), below(c.grade, 3)),
  'own-forecasts': (c, p) => all(any(holds(p, 'submitter'), holds(p, 'reader')), ofOwnOrganisation(c, p)),
  'destroyed-data': (c) => oneOf(c.status, ['destroyed']),
  'offices-read-no-data': (c, p, principal, action) =>
    all(
      any(
        holds(p, 'system_administrator'),
        holds(p, 'security_administrator'),
        holds(p, 'auditor'),
        holds(p, 'regulator'),
      ),
      not(openData(c, p, principal, action)),
    ),
};

/**
 * Condition that selects the rows of which `decide` would allow the act.
 * @param columns names of the query's columns, e.g. `{organisation: 'o.organisation_id', …}`
 */
export function scopeOf(caller: Principal, action: ListAction, columns: ScopeColumns): RawBuilder<SqlBool> {
  const principal = actingAs(caller, action);
  const person = principal.kind === 'person' ? principal : undefined;
  const testsOf = (effect: 'permit' | 'forbid') =>
    twinsOf(action, effect).map((twin) => twin(columns, person, principal, action));
  const test = all(any(...testsOf('permit')), not(any(...testsOf('forbid'))));
  return typeof test === 'boolean' ? sql<SqlBool>`${sql.lit(test)}` : test;
}

function twinsOf(action: ListAction, effect: 'permit' | 'forbid'): Twin[] {
  return [...policies.values()]
    .filter((policy) => policy.effect === effect && (policy.actions?.includes(action) ?? true))
    .map((policy) => {
      const twin = twins[policy.id];
      if (!twin) throw new Error(`policy ${policy.id} decides on ${action} but has no twin in SQL`);
      return twin;
    });
}

const holds = (person: Person | undefined, role: Role): boolean => person?.roles.includes(role) ?? false;

const ofOwnOrganisation = (columns: ScopeColumns, person: Person | undefined): Test =>
  person ? sql<SqlBool>`${sql.ref(columns.organisation)} = ${person.organisation}::uuid` : false;

const oneOf = (column: string | undefined, values: readonly string[]): Test =>
  column === undefined
    ? false
    : sql<SqlBool>`${sql.ref(column)} in (${sql.join(values.map((value) => sql.lit(value)))})`;

const below = (column: string, grade: number): Test => sql<SqlBool>`${sql.ref(column)} < ${sql.lit(grade)}`;

function cleared(columns: ScopeColumns, person: Person | undefined): Test {
  if (!person) return false;
  const { grade, categories, jurisdictions } = person.clearance;
  return sql<SqlBool>`(${sql.ref(columns.grade)} <= ${grade}::int
    and ${sql.ref(columns.categories)} <@ ${categories}::text[]
    and ${sql.ref(columns.jurisdictions)} <@ ${jurisdictions}::text[])`;
}

function all(...tests: Test[]): Test {
  if (tests.includes(false)) return false;
  const open = tests.filter((test) => typeof test !== 'boolean');
  return open.length === 0 ? true : sql<SqlBool>`(${sql.join(open, sql` and `)})`;
}

function any(...tests: Test[]): Test {
  if (tests.includes(true)) return true;
  const open = tests.filter((test) => typeof test !== 'boolean');
  return open.length === 0 ? false : sql<SqlBool>`(${sql.join(open, sql` or `)})`;
}

const not = (test: Test): Test => (typeof test === 'boolean' ? !test : sql<SqlBool>`not ${test}`);
