import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { createProgram } from './program.ts';

/** Full words of every command that does something, and of its long options. */
function commandsOf(command: Command, path: string[] = []): { words: string; options: string[] }[] {
  if (command.commands.length > 0)
    return command.commands.flatMap((inner) => commandsOf(inner, [...path, inner.name()]));
  return [{ words: ['geneward', ...path].join(' '), options: command.options.flatMap((option) => option.long ?? []) }];
}

it.each(['en', 'zh'])(
  'has a guide (%s) that tells of every command, and of no option that does not exist',
  (language) => {
    const guide = readFileSync(new URL(`../../docs/guide/${language}/cli.md`, import.meta.url), 'utf8');
    const commands = commandsOf(createProgram());
    expect(commands.filter(({ words }) => !guide.includes(words)).map(({ words }) => words)).toEqual([]);
    const strange = guide
      .split('\n')
      .filter((line) => line.startsWith('geneward '))
      .flatMap((line) => {
        const [called = ''] = line.split('#');
        const known = commands.find(({ words }) => called.startsWith(words))?.options;
        const used = [...called.matchAll(/--[a-z_-]+/g)].map(([option]) => option);
        return known && used.every((option) => known.includes(option)) ? [] : [called];
      });
    expect(strange).toEqual([]);
  },
);
