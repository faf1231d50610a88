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

test('a record of ten gigabytes is refused when its first megabytes are read, and the next one is told', async () => {
  const piece = new Uint8Array(1 << 20).fill(65);
  let given = 0;
  function* source() {
    yield encode('>long\n');
    for (; given < 10_240; given++) yield piece;
    yield encode('\n>next\nACGT\n');
  }
  const found: [string, string | undefined, number][] = [];
  for await (const { name, problem } of readFasta(source())) found.push([name, problem?.code, given]);
  expect(found).toEqual([
    ['long', sequenceRules.size.code, 3],
    ['next', undefined, 10_240],
  ]);
});

test('five thousand genomes of 30,000 bases are read in the memory of a few', async () => {
  const body = new Uint8Array(30_001).fill(67);
  body[30_000] = 10;
  function* source() {
    for (let at = 0; at < 5000; at++) {
      yield encode(`>genome/${at}\n`);
      yield body;
    }
  }
  const { arrayBuffers } = process.memoryUsage();
  let most = 0;
  let count = 0;
  for await (const { bases } of readFasta(source())) {
    if (++count % 100 === 0) most = Math.max(most, process.memoryUsage().arrayBuffers - arrayBuffers);
    expect(bases).toHaveLength(30_000);
  }
  expect(count).toBe(5000);
  expect(most).toBeLessThan(100e6);
});

test('a name of several bytes a letter is whole however the bytes come in', async () => {
  const bytes = encode('>样本一\nAC\n');
  const [one] = await Array.fromAsync(readFasta([...bytes].map((byte) => Uint8Array.of(byte))));
  expect(one?.name).toBe('样本一');
});

test('a file without a record, or one that starts otherwise, is refused', async () => {
  await expect(read('')).rejects.toMatchObject({ code: sequenceRules.none.code });
  await expect(read('\n\n')).rejects.toMatchObject({ code: sequenceRules.none.code });
  await expect(read('ACGT\n>a\nA\n')).rejects.toMatchObject({ code: sequenceRules.format.code });
});
