import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { taxonomyBuilder } from './builder.ts';
import { builtInTaxonomy } from './built-in.ts';
import { loadTaxdump } from './taxdump.ts';
import { isMetagenome, submittable } from './taxonomy.ts';

const taxa = builtInTaxonomy();

describe('the built-in taxonomy', () => {
  it.each([
    ['Homo sapiens', 9606],
    ['human', 9606],
    ['人', 9606],
    ['HOMO SAPIENS', 9606],
    ['水稻', 4530],
    ['新型冠状病毒', 2697049],
    ['SARS-CoV-2', 2697049],
    ['human metagenome', 646099],
    ['Escherichia coli', 562],
    ['Influenza A virus', 11320],
    ['synthetic construct', 32630],
  ])('%s is %i', (name, id) => expect(taxa.byName(name)?.taxon.id).toBe(id));

  it.each([
    [9606, 33208, true],
    [9606, 10239, false],
    [4530, 33090, true],
    [562, 2, true],
    [2173, 2157, true],
    [4932, 4751, true],
    [2697049, 10239, true],
    [408170, 408169, true],
    [32630, 28384, true],
    [5833, 2759, true],
  ])('%i within %i: %s', (id, ancestor, within) => expect(taxa.within(id, ancestor)).toBe(within));

  it('every lineage ends at the root and every taxon has a name', () => {
    for (let id = 1, seen = 0; seen < taxa.size; id++) {
      const taxon = taxa.byId(id);
      if (!taxon) continue;
      seen++;
      expect(taxon.name.length).toBeGreaterThan(2);
      expect(taxa.lineage(id).at(-1)?.id).toBe(1);
    }
  });

  it('takes species and below, not genera and families', () => {
    for (const id of [9606, 9615, 2697049, 39947, 511145, 408170, 32630]) expect(submittable(taxa, id)).toBe(true);
    for (const id of [1, 2, 9605, 1386, 142786, 408169]) expect(submittable(taxa, id)).toBe(false);
  });

  it('tells metagenomes', () => {
    expect(isMetagenome(taxa, taxa.byId(410658)!)).toBe(true);
    expect(isMetagenome(taxa, taxa.byId(9606)!)).toBe(false);
  });

  it.each([
    ['Homo sapien', 'Homo sapiens'],
    ['Oryza sativva', 'Oryza sativa'],
    ['Eschericia coli', 'Escherichia coli'],
    ['Bacillus subtlis', 'Bacillus subtilis'],
    ['human gut metagenom', 'human gut metagenome'],
  ])('suggests for %s: %s', (slip, name) => expect(taxa.suggest(slip, 1)[0]?.taxon.name).toBe(name));

  it('suggests nothing for what resembles nothing', () => expect(taxa.suggest('Quercus robur', 3)).toEqual([]));

  it('follows merged identifiers', () =>
    expect(taxa.byId(taxa.mergedInto(11103) ?? 0)?.name).toBe('Hepacivirus hominis'));
});

describe('any taxonomy', () => {
  it('finds every name that was added, in any case, and no other', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 30 }), {
      minLength: 1,
      maxLength: 300,
      selector: (name) => name.toLowerCase(),
    });
    fc.assert(
      fc.property(names, fc.string(), (all, stranger) => {
        const builder = taxonomyBuilder();
        all.forEach((name, i) => {
          builder.node(i + 1, 1, 'species');
          builder.name(i + 1, name, 'scientific name');
        });
        const taxonomy = builder.finish('t', true);
        all.forEach((name, i) => expect(taxonomy.byName(name)?.taxon.id).toBe(i + 1));
        const known = all.some((name) => name.toLowerCase() === stranger.toLowerCase());
        expect(taxonomy.byName(stranger) !== undefined).toBe(known);
      }),
      { numRuns: 100 },
    );
  });

  it('ends at a loop of a broken dump', () => {
    const builder = taxonomyBuilder();
    for (const [id, parent] of [
      [2, 3],
      [3, 2],
    ] as const) {
      builder.node(id, parent, 'genus');
      builder.name(id, `t${id}`, 'scientific name');
    }
    const taxonomy = builder.finish('t', true);
    expect(taxonomy.within(2, 9)).toBe(false);
    expect(taxonomy.lineage(2).length).toBeLessThan(200);
  });
});

async function* lines(...all: string[]): AsyncGenerator<string> {
  yield* all;
}

describe('a taxdump', () => {
  const nodes = ['1\t|\t1\t|\tno rank\t|\t\t|\t8\t|', '9606\t|\t1\t|\tspecies\t|'];
  const names = [
    '1\t|\troot\t|\t\t|\tscientific name\t|',
    '9606\t|\tHomo sapiens\t|\t\t|\tscientific name\t|',
    '9606\t|\thuman\t|\t\t|\tgenbank common name\t|',
    '9606\t|\tHomo sapiens Linnaeus, 1758\t|\t\t|\tauthority\t|',
    '63221\t|\tHomo sapiens neanderthalensis\t|\t\t|\tsynonym\t|',
  ];

  it('is read with its synonyms, without authorities', async () => {
    const taxonomy = await loadTaxdump(
      { nodes: lines(...nodes), names: lines(...names), merged: lines('1425170\t|\t9606\t|'), deleted: lines('77\t|') },
      '2026-11',
    );
    expect(taxonomy).toMatchObject({ version: '2026-11', complete: true, size: 2 });
    expect(taxonomy.byName('human')).toMatchObject({ kind: 'common name', taxon: { id: 9606, rank: 'species' } });
    expect(taxonomy.byName('Homo sapiens Linnaeus, 1758')).toBeUndefined();
    expect(taxonomy.mergedInto(1425170)).toBe(9606);
    expect(taxonomy.deleted(77)).toBe(true);
  });

  it.each([
    [['1\t|\t1\t|\tno rank'], names, 'line'],
    [['x\t|\t1\t|\tno rank\t|'], names, 'identifier'],
    [['99999999\t|\t1\t|\tno rank\t|'], names, 'identifier'],
    [[], names, 'empty'],
    [nodes, ['9606\t|\t\t|\t\t|\tscientific name\t|'], 'line'],
    [[`${'1'.repeat(30_000)}|`], names, 'size'],
  ])('is refused with place and reason when it is none (%#)', async (badNodes, badNames, code) => {
    await expect(loadTaxdump({ nodes: lines(...badNodes), names: lines(...badNames) }, 't')).rejects.toMatchObject({
      name: 'TaxdumpProblem',
      code,
    });
  });
});
