import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Server } from './http.ts';

const built = fileURLToPath(new URL('../../../web/dist/', import.meta.url));

const notBuilt = `The pages are not built yet: run "npm run build" and start again. The API is at /reference.
页面尚未构建：请运行 “npm run build” 后重新启动。接口文档见 /reference。
`;

/**
 * Serves the pages. Assets carry a hash in their name and may be kept for a year; the page itself is never kept, so that a new
 * version is seen at once. Any other address that a browser asks for as a page is that page, which finds its own way.
 * @param folder what `npm run build` made
 */
export async function mountPages(server: Server, folder = built): Promise<void> {
  const index = join(folder, 'index.html');
  const page = existsSync(index) ? readFileSync(index, 'utf8') : undefined;
  if (page !== undefined) {
    await server.register(fastifyStatic, {
      root: join(folder, 'assets'),
      prefix: '/assets/',
      cacheControl: false,
      index: false,
      dotfiles: 'deny',
      setHeaders: (reply) => void reply.header('cache-control', 'public, max-age=31536000, immutable'),
    });
    const mark = readFileSync(join(folder, 'mark.svg'));
    server.get('/mark.svg', async (_request, reply) =>
      reply.type('image/svg+xml').header('cache-control', 'public, max-age=86400').send(mark),
    );
  }
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    if (!wantsPage(request)) return reply.callNotFound();
    return page === undefined
      ? reply.code(503).type('text/plain; charset=utf-8').send(notBuilt)
      : reply.type('text/html; charset=utf-8').send(page);
  };
  server.get('/', answer);
  server.get('/*', answer);
}

/** A browser that goes somewhere, not a program that asks the API or fetches a file that is not there. */
function wantsPage({ url, headers }: FastifyRequest): boolean {
  if (/^\/(?:api|assets|reference|health|ready|metrics|openapi\.json)(?:[/?]|$)/.test(url)) return false;
  return url === '/' || (headers.accept ?? '').includes('text/html');
}
