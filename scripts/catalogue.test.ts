import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { events, plans, stageOf, stages, wordsOf } from '@geneward/api';
import { expect, it } from 'vitest';
import { root } from './process.ts';

const server = join(root, 'server/src');

/** Every type that the server's code records. */
function typesUsed(): Set<string> {
  const files = readdirSync(server, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.includes('/test/'),
  );
  const modules = new Set(Object.keys(events).map((type) => type.slice(0, type.indexOf('.'))));
  const found = files.flatMap((name) =>
    [...readFileSync(join(server, name), 'utf8').matchAll(/\btype: '([a-z_]+)\.([a-z_]+)'/g)].flatMap(
      ([, module = '', act = '']) => (modules.has(module) ? [`${module}.${act}`] : []),
    ),
  );
  return new Set(found);
}

/** Types of notices to people, which share the form and are no acts. */
const notices = /^(files\.expiring|submission\.(accepted|failed|passed|returned)|virus\.(?:answered|rising))$/;

it('has every act that the code records, each with its words in both languages: add a line to event-words.ts', () => {
  const used = [...typesUsed()].filter((type) => !notices.test(type));
  expect(used.length).toBeGreaterThan(70);
  expect(used.filter((type) => !(type in events))).toEqual([]);
  expect(Object.keys(events).filter((type) => !wordsOf(type))).toEqual([]);
});

it('covers all six stages and governance', () => {
  const reached = Object.keys(events).map((type) => stageOf(type));
  const accessions = ['sample', 'run', 'project'].map((type) => stageOf('object.accessioned', { type }));
  expect(stages.filter((stage) => ![...reached, ...accessions].includes(stage))).toEqual([]);
});

it('announces and ends acts that exist', () => {
  const named = Object.entries(plans).flatMap(([type, { ends }]) => [type, ...ends]);
  expect(named.filter((type) => !(type in events))).toEqual([]);
});

it('keeps what a computation is held to in one form: a plan names what its result repeats', () => {
  const hash = 'a'.repeat(64);
  const inputs = [{ party: 'north', commitment: hash }];
  const plan = { phase: 'plan', specification: hash, method: 'linear', inputs, purposeSha256: hash, references: [] };
  expect(events['compute.opened'].parse(plan)).toEqual(plan);
  const sealed = { phase: 'result', specification: hash, inputs, transcripts: [], result: hash };
  expect(events['compute.sealed'].parse(sealed)).toEqual(sealed);
  expect(events['compute.sealed'].safeParse({ ...sealed, result: 'secret' }).success).toBe(false);
});
