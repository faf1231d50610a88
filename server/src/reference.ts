import fastifyStatic from '@fastify/static';
import { dirname } from 'node:path';
import { createRequire } from 'node:module';
import type { Server } from './platform/http.ts';
import { knownProblems } from './platform/problem.ts';

/** The readable side of the contract: `/openapi.json`, `/reference` and `/problems`, all served from here. */
export async function mountReference(server: Server, document: object): Promise<void> {
  const body = JSON.stringify(document);
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  await server.register(fastifyStatic, {
    root: folder,
    prefix: '/reference/files/',
    allowedPath: (path) => ['/swagger-ui.css', '/swagger-ui-bundle.js', '/favicon-32x32.png'].includes(path),
    decorateReply: false,
    maxAge: '1d',
  });
  server.get('/openapi.json', async (_request, reply) => reply.type('application/json; charset=utf-8').send(body));
  server.get('/reference', async (_request, reply) => reply.type('text/html; charset=utf-8').send(referencePage));
  server.get('/reference/start.js', async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(startScript),
  );
  server.get('/problems', async (_request, reply) => reply.type('text/html; charset=utf-8').send(problemsPage()));
}

const referencePage = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Geneward API</title>
<link rel="stylesheet" href="/reference/files/swagger-ui.css"><link rel="icon" href="/reference/files/favicon-32x32.png"></head>
<body><div id="reference"></div><script src="/reference/files/swagger-ui-bundle.js"></script><script src="/reference/start.js"></script></body></html>`;

const startScript = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#reference', deepLinking: true, docExpansion: 'none', validatorUrl: null, filter: true });`;

function problemsPage(): string {
  const rows = [...knownProblems()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, { status, title, hint }]) =>
        `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${escape(title.en)}<br>${escape(title.zh)}</td><td>${escape(hint.en)}<br>${escape(hint.zh)}</td></tr>`,
    );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Problem codes 错误代码</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}td,th{border-bottom:1px solid #ddd;padding:.5rem;text-align:left;vertical-align:top}:target{background:#fff3bf}</style></head>
<body><h1>Problem codes 错误代码</h1><table><tr><th>code</th><th>HTTP</th><th>What 说明</th><th>How to mend 处理办法</th></tr>${rows.join('')}</table></body></html>`;
}

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
