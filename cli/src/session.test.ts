import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createOutput } from './output.ts';
import { forgetSession, keepSession, readSession } from './session.ts';
import { emptyFolder } from './testing/run.ts';

let home: string;
const output = createOutput({
  json: false,
  language: 'en',
  stdout: process.stdout,
  stderr: process.stderr,
  interactive: false,
});
beforeEach(() => {
  home = join(emptyFolder(), 'deep');
  vi.stubEnv('GENEWARD_HOME', home);
  vi.stubEnv('GENEWARD_URL', undefined);
  vi.stubEnv('GENEWARD_TOKEN', undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

it('keeps a token where only its owner can read it, until it is forgotten', () => {
  keepSession({ server: 'https://a.example.org', token: 'gw_secret' });
  expect(statSync(join(home, 'session.json')).mode & 0o777).toBe(0o600);
  expect(statSync(home).mode & 0o777).toBe(0o700);
  expect(readSession(output)).toEqual({ server: 'https://a.example.org', token: 'gw_secret' });
  forgetSession();
  expect(() => readSession(output)).toThrow('GENEWARD_URL');
});

it('sends a token to no other server than the one that issued it', () => {
  keepSession({ server: 'https://a.example.org', token: 'gw_secret' });
  expect(readSession(output, 'https://b.example.org')).toEqual({ server: 'https://b.example.org' });
  vi.stubEnv('GENEWARD_URL', 'https://c.example.org');
  expect(readSession(output)).toEqual({ server: 'https://c.example.org' });
});
