import { taxonRules } from '../rules/catalogue/core.ts';
import type { Taxon, Taxonomy } from '../taxonomy/taxonomy.ts';
import { isMetagenome, submittable } from '../taxonomy/taxonomy.ts';
import type { Field, FieldType } from './checklist.ts';
import type { Judge } from './judge.ts';
import type { Verdict } from './verdict.ts';
import { passes, verdict } from './verdict.ts';

type TaxonType = FieldType & { readonly kind: 'taxon' };

/** Judges an organism by its name or by its identifier. `checklist` is named when the organism does not suit it. */
export function taxonJudge(field: Field, taxonomy: Taxonomy, checklist: string): Judge {
  if (field.type.kind !== 'taxon') return () => passes;
  const { name, type } = field;
  const suits = suitability(type, taxonomy, checklist);
  return type.by === 'name' ? nameJudge(name, taxonomy, suits) : idJudge(name, taxonomy, suits);
}

type Suits = (taxon: Taxon) => readonly Verdict[];

function suitability(type: TaxonType, taxonomy: Taxonomy, checklist: string): Suits {
  const { permitted = [], notPermitted = [], metagenome } = type;
  const written = (id: number): string => taxonomy.byId(id)?.name ?? String(id);
  return (taxon) => {
    const value = taxon.name;
    const refused = notPermitted.find((id) => taxonomy.within(taxon.id, id));
    if (refused !== undefined)
      return verdict(taxonRules.notPermitted, { value, params: { refused: written(refused), checklist } });
    const community = isMetagenome(taxonomy, taxon);
    if (metagenome === 'required' && !community) return verdict(taxonRules.metagenomeNeeded, { value });
    if (metagenome === 'refused' && community) return verdict(taxonRules.metagenomeRefused, { value });
    if (permitted.length > 0 && !permitted.some((id) => taxonomy.within(taxon.id, id)))
      return verdict(taxonRules.lineage, {
        value,
        params: { permitted: permitted.map(written).join(', '), checklist },
      });
    if (!submittable(taxonomy, taxon.id)) return verdict(taxonRules.rank, { value, params: { rank: taxon.rank } });
    return passes;
  };
}

function nameJudge(field: string, taxonomy: Taxonomy, suits: Suits): Judge {
  return (value) => {
    const named = taxonomy.byName(value);
    if (!named) return unknownName(field, value, taxonomy);
    const { taxon } = named;
    if (taxon.name === value) return suits(taxon);
    return [...verdict(taxonRules.otherName, { value, params: { field }, suggestion: taxon.name }), ...suits(taxon)];
  };
}

function unknownName(field: string, value: string, taxonomy: Taxonomy): readonly Verdict[] {
  const genus = /^([A-Z][a-z]+) sp\. \S/.exec(value)?.[1];
  if (genus !== undefined && taxonomy.byName(genus))
    return verdict(taxonRules.novel, { value, params: { field, genus } });
  const suggestion = taxonomy.suggest(value, 1)[0]?.taxon.name;
  return verdict(taxonomy.complete ? taxonRules.name : taxonRules.unchecked, { value, params: { field }, suggestion });
}

function idJudge(field: string, taxonomy: Taxonomy, suits: Suits): Judge {
  return (value) => {
    if (!/^[1-9]\d{0,8}$/.test(value)) {
      const digits = /^\D{0,20}([1-9]\d{0,8})\D{0,5}$/.exec(value)?.[1];
      return verdict(taxonRules.idForm, { value, params: { field }, suggestion: digits });
    }
    const id = Number(value);
    const taxon = taxonomy.byId(id);
    if (taxon) return suits(taxon);
    const merged = taxonomy.mergedInto(id);
    if (merged !== undefined)
      return verdict(taxonRules.merged, { value, params: { field }, suggestion: String(merged) });
    if (taxonomy.deleted(id)) return verdict(taxonRules.deleted, { value, params: { field } });
    return verdict(taxonomy.complete ? taxonRules.id : taxonRules.unchecked, { value, params: { field } });
  };
}

/** Judges whether the name and the identifier of an organism say the same; either may be unknown, then nothing is said. */
export function taxonPairVerdict(taxonomy: Taxonomy, name: string, idText: string): readonly Verdict[] {
  const named = taxonomy.byName(name)?.taxon;
  const id = /^\d{1,9}$/.test(idText) ? Number(idText) : undefined;
  if (!named || id === undefined) return passes;
  const meant = taxonomy.mergedInto(id) ?? id;
  if (meant === named.id) return passes;
  const other = taxonomy.byId(meant);
  if (!other && !taxonomy.complete) return passes;
  return verdict(taxonRules.mismatch, {
    value: name,
    params: { id, named: other?.name ?? 'nothing' },
    suggestion: String(named.id),
  });
}
