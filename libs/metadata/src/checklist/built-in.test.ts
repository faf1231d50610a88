import { describe, expect, it } from 'vitest';
import { objectTypes } from '../model/record.ts';
import { builtInTaxonomy } from '../taxonomy/built-in.ts';
import { builtInChecklists, checklistFor, objectChecklists, sampleTypes } from './built-in.ts';
import { fieldsOf } from './checklist.ts';
import { compileChecklist } from './compile.ts';
import { compileCondition } from './condition.ts';
import { foldName } from './header.ts';
import { compilePattern } from './pattern.ts';

const today = '2026-11-22';

describe('built-in checklists', () => {
  it('cover every object type and at least twelve kinds of sample', () => {
    expect(new Set(builtInChecklists.map(({ object }) => object))).toEqual(new Set(objectTypes));
    expect(sampleTypes.length).toBeGreaterThanOrEqual(12);
    const ids = builtInChecklists.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  describe.each(builtInChecklists.map((checklist) => [checklist.id, checklist] as const))('%s', (_, checklist) => {
    const fields = fieldsOf(checklist);

    it('names each field once, in INSDC form, with labels and descriptions in both languages', () => {
      const names = fields.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      const inForm = checklist.authority === 'ENA' ? /^\S.*\S$/ : /^[a-z][a-z0-9_]*$/;
      for (const { name, label, description } of fields) {
        expect(name).toMatch(inForm);
        expect(label.zh).toMatch(/\p{Script=Han}|^(DOI|pH)$/u);
        expect(description.zh).toMatch(/\p{Script=Han}/u);
        expect(label.en).toMatch(/\w/);
        expect(description.en).toMatch(/\.$/);
      }
    });

    it('gives no two fields the same synonym', () => {
      const spellings = fields.flatMap(({ name, synonyms = [] }) => [...new Set([name, ...synonyms].map(foldName))]);
      expect(spellings.filter((spelling, i) => spellings.indexOf(spelling) !== i)).toEqual([]);
    });

    it('passes its own examples', () => {
      const validator = compileChecklist(checklist, { today });
      for (const { name, examples = [], units } of fields)
        for (const example of examples) {
          const row = {
            attributes: { [name]: example },
            ...(units?.[0] !== undefined && { units: { [name]: units[0] } }),
            place: {},
          };
          const findings = validator.validate(row).filter(({ place }) => place.column === name);
          expect(findings).toEqual([]);
        }
    });

    it('has patterns and conditions that can be read, and taxa that exist', () => {
      const types = fields.map(({ type }) => type);
      const patterns = types.flatMap((type) =>
        type.kind === 'text' && type.pattern !== undefined ? [type.pattern] : [],
      );
      expect(patterns.filter((pattern) => !compilePattern(pattern).ok)).toEqual([]);
      const taxa = types.flatMap((type) =>
        type.kind === 'taxon' ? [...(type.permitted ?? []), ...(type.notPermitted ?? [])] : [],
      );
      expect(taxa.filter((id) => !builtInTaxonomy().byId(id))).toEqual([]);
      const names = new Set(fields.map(({ name }) => name));
      for (const { expression } of checklist.conditions) {
        const condition = compileCondition(expression);
        expect(condition.ok && condition.fields.filter((name) => !names.has(name))).toEqual([]);
      }
    });
  });

  it('judge samples without a type by the general one, other objects by their own', () => {
    expect(checklistFor({ type: 'sample' })?.id).toBe('GWC-general');
    expect(checklistFor({ type: 'run' })).toBe(objectChecklists.run);
    expect(checklistFor({ type: 'sample', checklist: 'GWC-virus' })?.label.en).toBe('Virus');
    expect(checklistFor({ type: 'sample', checklist: 'GWC-run' })).toBeUndefined();
    expect(checklistFor({ type: 'sample', checklist: 'nonsense' })).toBeUndefined();
  });
});

describe('sample types keep to their part of the tree of life', () => {
  it.each([
    ['GWC-human', 'Homo sapiens', 'Mus musculus'],
    ['GWC-human-cell-line', 'Homo sapiens', 'Mus musculus'],
    ['GWC-animal', 'Sus scrofa', 'Homo sapiens'],
    ['GWC-plant', 'Oryza sativa', 'Danio rerio'],
    ['GWC-bacterium-archaeon', 'Escherichia coli', 'Saccharomyces cerevisiae'],
    ['GWC-virus', 'Monkeypox virus', 'Escherichia coli'],
    ['GWC-pathogen-clinical', 'Mycobacterium tuberculosis', 'Homo sapiens'],
    ['GWC-pathogen-environmental', 'Salmonella enterica', 'Oryza sativa'],
    ['GWC-metagenome', 'soil metagenome', 'Escherichia coli'],
    ['GWC-metagenome-host', 'human gut metagenome', 'Homo sapiens'],
    ['GWC-fungus', 'Candida albicans', 'Escherichia coli'],
    ['GWC-protist', 'Plasmodium falciparum', 'Saccharomyces cerevisiae'],
    ['GWC-synthetic', 'synthetic construct', 'Escherichia coli'],
  ])('%s takes %s and refuses %s', (id, fits, stranger) => {
    const validator = compileChecklist(
      sampleTypes.find((type) => type.id === id)!,
      { today },
    );
    const codes = (organism: string) =>
      validator.validate({ attributes: { organism }, place: {} }).filter(({ place }) => place.column === 'organism');
    expect(codes(fits)).toEqual([]);
    expect(codes(stranger)).not.toEqual([]);
  });
});
