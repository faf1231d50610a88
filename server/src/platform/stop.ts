import type { Server } from './http.ts';

/** Ends a server: takes no more requests, finishes those under way, and closes what is still open after `seconds`. */
export async function closeServer(server: Server, seconds: number): Promise<void> {
  const late = setTimeout(() => server.server.closeAllConnections(), seconds * 1000);
  try {
    await server.close();
  } finally {
    clearTimeout(late);
  }
}
