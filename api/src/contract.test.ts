import { expect, it } from 'vitest';
import {
  accessProblems,
  catalogProblems,
  computeProblems,
  virusProblems,
  virusSourceProblems,
  commonProblems,
  contract,
  filesProblems,
  inboxProblems,
  identityProblems,
  ledgerProblems,
  objectProblems,
  openApi,
  problems,
  referenceProblems,
  reviewProblems,
  submissionProblems,
} from './index.ts';
import type { Route } from './contract.ts';

const routes: (readonly [name: string, route: Route])[] = Object.entries(contract).flatMap(([module, table]) =>
  Object.entries(table as Record<string, Route>).map(([name, route]) => [`${module}.${name}`, route] as const),
);

/** Calls whose answer holds a token, a session or a one-time link. */
const shownOnce = new Set(
  ['tokenForPassword', 'bootstrap', 'acceptInvitation', 'issueToken', 'renewToken', 'invite', 'offerPasswordReset'].map(
    (name) => `identity.${name}`,
  ),
);

it('gives each method and path to one call', () => {
  const addresses = routes.map(([, { method, path }]) => `${method} ${path.replaceAll(/:\w+/g, ':')}`);
  expect(addresses.filter((address, index) => addresses.indexOf(address) !== index)).toEqual([]);
});

it.each(routes)('%s names its parameters, its problems and its purpose', (name, route) => {
  const inPath = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1]);
  const declared = route.params && 'shape' in route.params ? Object.keys(route.params.shape as object) : [];
  expect(new Set(declared)).toEqual(new Set(inPath));
  expect((route.problems ?? []).filter((code) => !(code in problems))).toEqual([]);
  expect(route.summary.en).toMatch(/\w/);
  expect(route.summary.zh).toMatch(/\p{Script=Han}/u);
  // A creation may be repeated by a client that lost the answer; an answer that shows a secret is never kept for that.
  // A resumable upload that nobody goes on with expires.
  const repeatable =
    route.status !== 201 ||
    (route.idempotent ?? false) ||
    shownOnce.has(name) ||
    ['files.createUpload', 'files.beginDirect', 'files.issueDownloadToken'].includes(name);
  expect(repeatable).toBe(true);
});

it('says every problem in both languages, once', () => {
  const tables = [
    commonProblems,
    identityProblems,
    accessProblems,
    ledgerProblems,
    filesProblems,
    inboxProblems,
    submissionProblems,
    reviewProblems,
    objectProblems,
    referenceProblems,
    catalogProblems,
    computeProblems,
    virusProblems,
    virusSourceProblems,
  ];
  expect(tables.flatMap((table) => Object.keys(table)).length).toBe(Object.keys(problems).length);
  for (const [code, { status, title, hint }] of Object.entries(problems)) {
    expect(code).toMatch(/^[a-z_]+$/);
    expect(status).toBeGreaterThanOrEqual(400);
    for (const text of [title, hint]) {
      expect(text.en).not.toMatch(/\p{Script=Han}/u);
      expect(text.zh).toMatch(/\p{Script=Han}/u);
    }
    const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).toSorted();
    expect(holes(title.zh)).toEqual(holes(title.en));
  }
});

it('becomes an OpenAPI 3.1 document with an operation a route', () => {
  const document = openApi(contract, problems, '0.0.0') as {
    openapi: string;
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  expect(document.openapi).toMatch(/^3\.1\./);
  const operations = Object.values(document.paths).flatMap((path) =>
    Object.values(path).map((operation) => operation.operationId),
  );
  expect(operations.toSorted()).toEqual(routes.map(([name]) => name).toSorted());
});
