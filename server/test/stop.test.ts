import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { buildApp } from '../src/app.ts';
import { closeServer } from '../src/platform/stop.ts';
import { testParts } from './parts.ts';

it('finishes a request under way, and closes the connection of one that does not end', async () => {
  const parts = await testParts();
  const server = await buildApp(parts, async () => ({ kind: 'anonymous' }));
  const asked = { slow: Promise.withResolvers<void>(), endless: Promise.withResolvers<void>() };
  const answer = Promise.withResolvers<string>();
  server.get('/slow', () => (asked.slow.resolve(), answer.promise));
  server.get('/endless', () => (asked.endless.resolve(), new Promise(() => undefined)));
  const address = await server.listen({ port: 0, host: '127.0.0.1' });
  const slow = fetch(`${address}/slow`);
  const endless = connect(Number(new URL(address).port), '127.0.0.1');
  endless.on('error', () => undefined).write('GET /endless HTTP/1.1\r\nhost: x\r\n\r\n');
  await Promise.all([asked.slow.promise, asked.endless.promise]);
  const closed = once(endless, 'close');
  const stopped = closeServer(server, 1);
  answer.resolve('finished');
  expect(await (await slow).text()).toBe('finished');
  await stopped;
  await closed;
  await expect(fetch(`${address}/slow`)).rejects.toThrow('fetch failed');
  await parts.close();
});

it('ends in good order from the moment it says ready, and has told the first administrator’s link by then', async () => {
  const parts = await testParts();
  const child = spawn(process.execPath, [fileURLToPath(new URL('../src/main.ts', import.meta.url)), 'serve'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      GENEWARD_DATA: parts.config.data,
      GENEWARD_HTTP_PORT: '0',
      DATABASE_URL: parts.database.url,
      GENEWARD_DATABASE_OWNER_URL: parts.database.ownerUrl,
    },
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (text.includes('"msg":"ready"')) child.kill('SIGTERM');
  });
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(said.indexOf('首次启动')).toBeGreaterThan(-1);
  expect(said.indexOf('"msg":"ready"')).toBeGreaterThan(said.indexOf('首次启动'));
  await parts.close();
});
