import { buildApp } from '../src/app.ts';
import { authenticate, mountModules } from '../src/modules/index.ts';
import type { Server } from '../src/platform/http.ts';
import type { Parts } from '../src/platform/parts.ts';

export * from './people.ts';

/** The whole server with every module on it, as `inject` reaches it. */
export async function testServer(parts: Parts): Promise<Server> {
  const server = await buildApp(parts, authenticate(parts));
  mountModules(server, parts);
  return server;
}
