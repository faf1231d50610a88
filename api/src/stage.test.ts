import { expect, it } from 'vitest';
import { events } from './modules.ts';
import { stageOf } from './stage.ts';

it('knows the stage of every act that the platform has', () => {
  expect(Object.keys(events).filter((type) => stageOf(type) === undefined)).toEqual([]);
});

it('tells a sample from a run', () => {
  expect(['sample', 'run', 'project'].map((type) => stageOf('object.accessioned', { type }))).toEqual([
    'sampling',
    'sequencing',
    'custody',
  ]);
});
