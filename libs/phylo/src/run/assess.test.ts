import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { madeUpDataset } from '../dataset/made-up.ts';
import { readDataset } from '../dataset/read.ts';
import { sketchOf } from '../dataset/identify.ts';
import { sequenceRules } from '../rules/sequence.ts';
import { readFasta } from '../sequence/fasta.ts';
import { sha256 } from '../test/sha256.ts';
import { sharedVirus } from '../test/shared-virus.ts';
import { writeGenome } from '../tree/mutation.ts';
import { assessor } from './assess.ts';
import { reportColumns, reportRow } from './row.ts';

const files = madeUpDataset();
const dataset = await readDataset(files, sha256);
const assess = assessor(dataset);
const reference = writeGenome(dataset.reference.genome);
const reportsOf = async (fasta: string, with_ = assess) =>
  (await Array.fromAsync(readFasta([new TextEncoder().encode(fasta)]))).map((genome) => with_(genome));

describe('the report of a genome', () => {
  it('tells the examples of the made-up virus: clade, neighbours, quality, turned and mostly unknown ones', async () => {
    const all = await reportsOf(new TextDecoder().decode(files.get('sequences.fasta')));
    expect(all).toHaveLength(12);
    for (const { report, sample } of all) {
      expect(report).toMatchObject({ accepted: true, clade: expect.stringMatching(/^A/u) });
      expect(report.neighbours).toHaveLength(5);
      expect(report.neighbours?.[0]).toMatchObject({ date: expect.any(String), place: expect.any(String) });
      expect(sample?.name).toBe(report.name);
      expect(reportRow(dataset, report)).toHaveLength(reportColumns(dataset).length);
    }
    expect(all[4]?.report.findings.map(({ code }) => code)).toEqual([sequenceRules.reversed.code]);
    expect(all[8]?.report.findings).toMatchObject([{ code: sequenceRules.unknown.code, params: { percent: 80 } }]);
    expect(all[8]?.report.qc?.status).toBe('bad');
    expect(all[0]?.report.qc?.status).toBe('good');
  });

  it('of the reference itself has nothing to tell', async () => {
    const [one] = await reportsOf(`>r\n${reference}\n`);
    expect(one?.report).toMatchObject({ nearest: { distance: 0 }, coverage: 1, aminoAcids: [], qc: { score: 0 } });
  });

  it.each([
    ['empty', '>a\n', sequenceRules.empty],
    ['N only', `>a\n${'N'.repeat(900)}`, sequenceRules.empty],
    ['one base', '>a\nA', sequenceRules.short],
    ['a protein', '>a\nMEFLPQE', sequenceRules.protein],
    [
      'another virus',
      `>a\n${Array.from({ length: 4000 }, (_, at) => 'ACGT'.charAt((at * at + (at >> 2)) & 3)).join('')}`,
      sequenceRules.other,
    ],
  ])('%s is refused with its place, and the next one is told', async (_what, fasta, { code }) => {
    const [bad, good] = await reportsOf(`${fasta}\n>good\n${reference}\n`);
    expect(bad).toMatchObject({ report: { accepted: false, findings: [{ code, place: { line: 1, alias: 'a' } }] } });
    expect(bad?.sample).toBeUndefined();
    expect(good?.report.accepted).toBe(true);
  });
});

const shared = sharedVirus('sars-cov-2');
describe.skipIf(shared === undefined)('the shared examples', () => {
  const folder = (name: string) => {
    const path = sharedVirus(name) ?? '';
    return new Map(readdirSync(path).map((file) => [file, new Uint8Array(readFileSync(join(path, file)))]));
  };

  it('of SARS-CoV-2 get their clade and lineage; RSV-A among them is told as what it is', async () => {
    const sars = await readDataset(folder('sars-cov-2'), sha256);
    const rsv = await readDataset(folder('rsv-a'), sha256);
    const told = assessor(sars, { known: [{ id: rsv.id, sketch: sketchOf(rsv.reference.genome) }] });
    const fasta = readFileSync(join(shared ?? '', 'sequences.fasta'), 'utf8')
      .split(/(?=>)/u)
      .slice(0, 40)
      .join('');
    const all = await reportsOf(fasta, told);
    expect(all.filter(({ report }) => report.accepted).length).toBe(40);
    for (const { report } of all) {
      expect(report.clade).toMatch(/^(?:\d{2}[A-Z]|recombinant)$/u);
      expect(report.lineages).toHaveProperty('Nextclade_pango');
    }
    expect(all.some(({ report }) => report.aminoAcids?.includes('S:D614G'))).toBe(true);
    const [other] = await reportsOf(`>x\n${writeGenome(rsv.reference.genome)}`, told);
    expect(other?.report.findings).toMatchObject([{ code: sequenceRules.elsewhere.code, params: { virus: 'rsv-a' } }]);
  });
});
