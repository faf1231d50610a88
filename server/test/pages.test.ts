import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../src/app.ts';
import type { Server } from '../src/platform/http.ts';
import { mountPages } from '../src/platform/pages.ts';
import { testParts, type TestParts } from './parts.ts';

let parts: TestParts;
let folder: string;
beforeAll(async () => {
  parts = await testParts();
  folder = mkdtempSync(join(tmpdir(), 'geneward-pages-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Geneward</title>');
  writeFileSync(join(folder, 'mark.svg'), '<svg/>');
  writeFileSync(join(folder, 'assets', 'index-abc.js'), 'export {}');
  writeFileSync(join(folder, 'secret.txt'), 'no');
});
afterAll(async () => {
  await parts.close();
  rmSync(folder, { recursive: true, force: true });
});

async function serving<T>(from: string, work: (server: Server) => Promise<T>): Promise<T> {
  const server = await buildApp(parts, async () => ({ kind: 'anonymous' }));
  await mountPages(server, from);
  try {
    return await work(server);
  } finally {
    await server.close();
  }
}
const html = { accept: 'text/html,application/xhtml+xml' };

describe('pages', () => {
  it('are one page at every address of theirs, never kept', async () => {
    await serving(folder, async (server) => {
      for (const url of ['/', '/?q=rice', '/objects/GWS0000001', '/submissions']) {
        const reply = await server.inject({ url, headers: html });
        expect([url, reply.statusCode]).toEqual([url, 200]);
        expect(reply.headers['content-type']).toBe('text/html; charset=utf-8');
        expect(reply.headers['cache-control']).toBe('no-store');
        expect(reply.headers['content-security-policy']).toContain("default-src 'self'");
      }
    });
  });

  it('let hashed assets be kept for a year and give nothing beside them', async () => {
    await serving(folder, async (server) => {
      const asset = await server.inject('/assets/index-abc.js');
      expect(asset.body).toBe('export {}');
      expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(asset.headers['x-content-type-options']).toBe('nosniff');
      for (const url of [
        '/assets/../secret.txt',
        '/assets/%2e%2e/secret.txt',
        '/assets/none.js',
        '/secret.txt',
        '/assets/',
      ])
        expect([url, (await server.inject(url)).statusCode]).toEqual([url, 404]);
    });
  });

  it('leave the API and programs their coded problems', async () => {
    await serving(folder, async (server) => {
      const reply = await server.inject({ url: '/api/v1/nowhere', headers: html });
      expect(reply.statusCode).toBe(404);
      expect(reply.json()).toMatchObject({ code: 'not_found' });
      expect((await server.inject('/objects/GWS0000001')).json()).toMatchObject({ code: 'not_found' });
      expect((await server.inject({ method: 'POST', url: '/', headers: html })).statusCode).toBeGreaterThanOrEqual(400);
    });
  });

  it('say how to build them when they are not built', async () => {
    await serving(join(folder, 'none'), async (server) => {
      const reply = await server.inject({ url: '/', headers: html });
      expect(reply.statusCode).toBe(503);
      expect(reply.body).toContain('npm run build');
    });
  });
});
