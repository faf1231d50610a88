import { expect, test } from 'vitest';
import { writeGenome } from '../tree/mutation.ts';
import { readFasta } from './fasta.ts';
import { sequenceRules } from '../rules/sequence.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const read = (text: string, longest?: number) =>
  Array.fromAsync(readFasta([encode(text)], longest === undefined ? {} : { longest }));

test('records come out the same however the bytes come in', async () => {
  const text = '>a first\r\nACGT\r\nNN-RY\r\n\n>b\nacgu\n>c|d\nTT';
  const whole = await read(text);
  const single = await Array.fromAsync(readFasta([...encode(text)].map((byte) => Uint8Array.of(byte))));
  expect(single).toEqual(whole);
  expect(whole.map(({ name, line, bases }) => [name, line, writeGenome(bases)])).toEqual([
    ['a', 1, 'ACGTNNRY'],
    ['b', 5, 'ACGT'],
    ['c|d', 7, 'TT'],
  ]);
});

test('each bad record has its code and the others go on', async () => {
  const text = '>a\nACGT\n>p\nMEFKLACGT\n>a\nACGT\n>e\n>n\nAC1T\n>l\nACGTACGTACGT\n>\nAC\n>z\nTTTT\n';
  const found = await read(text, 10);
  expect(found.map(({ name, problem }) => [name, problem?.code])).toEqual([
    ['a', undefined],
    ['p', sequenceRules.protein.code],
    ['a', sequenceRules.duplicate.code],
    ['e', sequenceRules.empty.code],
    ['n', sequenceRules.letter.code],
    ['l', sequenceRules.size.code],
    ['', sequenceRules.name.code],
    ['z', undefined],
  ]);
  expect(found[1]?.problem?.finding).toMatchObject({
    place: { line: 3, alias: 'p' },
    params: { letter: 'E', position: 2 },
  });
});

test('a file without a record, or one that starts otherwise, is refused', async () => {
  await expect(read('')).rejects.toMatchObject({ code: sequenceRules.none.code });
  await expect(read('\n\n')).rejects.toMatchObject({ code: sequenceRules.none.code });
  await expect(read('ACGT\n>a\nA\n')).rejects.toMatchObject({ code: sequenceRules.format.code });
});
