import { z } from 'zod';
import type { Route, RouteTable } from './contract.ts';
import { problemBody, type ProblemTable } from './problem.ts';

type Json = Record<string, unknown>;

/**
 * The contract as an OpenAPI 3.1 document.
 * @param modules route table by module name, in the order of the reference
 */
export function openApi(modules: Readonly<Record<string, RouteTable>>, problems: ProblemTable, version: string): Json {
  const paths: Record<string, Json> = {};
  for (const [module, table] of Object.entries(modules)) {
    for (const [name, route] of Object.entries(table)) {
      const path = `/api/v1${route.path.replaceAll(/:(\w+)/g, '{$1}')}`;
      (paths[path] ??= {})[route.method.toLowerCase()] = operation(module, name, route, problems);
    }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Geneward',
      version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'Every list is paged by key (`after`, `limit` up to 200). Errors are RFC 9457 problems with a stable `code`, in English or Chinese by `Accept-Language`. A creation takes `Idempotency-Key`; a change takes `If-Match`.',
    },
    servers: [{ url: '/' }],
    tags: Object.keys(modules).map((tag) => ({ name: tag })),
    paths,
    components: {
      schemas: { Problem: schemaOf(problemBody, 'output') },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'Named API token' },
        session: { type: 'apiKey', in: 'cookie', name: 'geneward_session' },
      },
    },
  };
}

function operation(module: string, name: string, route: Route, problems: ProblemTable): Json {
  const status = String(route.status ?? (route.reply || route.bytes?.out ? 200 : 204));
  return {
    operationId: `${module}.${name}`,
    tags: [module],
    summary: route.summary.en,
    'x-summary-zh': route.summary.zh,
    security: route.caller === 'anyone' ? [{}] : [{ token: [] }, { session: [] }],
    ...(route.caller !== 'anyone' && { 'x-scope': route.caller }),
    parameters: [...fields(route.params, 'path'), ...fields(route.query, 'query'), ...headers(route)],
    ...requestBody(route),
    responses: { [status]: success(route), default: failure(route, problems) },
  };
}

function fields(schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

function headers(route: Route): Json[] {
  const text = { type: 'string' };
  return [
    ...(route.idempotent
      ? [{ name: 'Idempotency-Key', in: 'header', required: false, schema: { ...text, maxLength: 200 } }]
      : []),
    ...(route.etag && route.method !== 'GET' ? [{ name: 'If-Match', in: 'header', required: true, schema: text }] : []),
  ];
}

function requestBody(route: Route): Json {
  if (route.bytes?.in) {
    return {
      requestBody: {
        required: true,
        content: Object.fromEntries(
          route.bytes.in.map((type) => [type, { schema: { type: 'string', format: 'binary' } }]),
        ),
      },
    };
  }
  return route.body
    ? { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(route.body, 'input') } } } }
    : {};
}

function success(route: Route): Json {
  const content = {
    ...(route.reply && { 'application/json': { schema: schemaOf(route.reply, 'output') } }),
    ...Object.fromEntries(
      (route.bytes?.out ?? []).map((type) => [type, { schema: { type: 'string', format: 'binary' } }]),
    ),
  };
  return {
    description: 'Done',
    ...(route.etag && { headers: { ETag: { schema: { type: 'string' } } } }),
    ...(Object.keys(content).length > 0 && { content }),
  };
}

function failure(route: Route, problems: ProblemTable): Json {
  const codes = (route.problems ?? []).map((code) =>
    `\`${code}\` ${problems[code]?.status ?? ''} ${problems[code]?.title.en ?? ''}`.trim(),
  );
  return {
    description: codes.length > 0 ? `A problem: ${codes.join('; ')}, or a common one` : 'A problem',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' });
  return rest;
}
