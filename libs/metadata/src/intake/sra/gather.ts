import type { ObjectType, Reference } from '../../model/record.ts';
import type { Taker } from './element.ts';

/** Attribute values of an object as they are gathered; a tag that comes again makes a list. */
export interface Gathered {
  readonly attributes: Map<string, string | readonly string[]>;
  readonly units: Map<string, string>;
  checklist?: string;
}

/** Adds a value, when there is one. */
export function put(gathered: Gathered, name: string, value: string | undefined): void {
  if (value === undefined) return;
  const known = gathered.attributes.get(name);
  gathered.attributes.set(
    name,
    known === undefined ? value : [...(typeof known === 'string' ? [known] : known), value],
  );
}

/** Tags that name the checklist of a sample: ENA's, and ours for checklists that ENA does not have. */
export const checklistTags = ['ENA-CHECKLIST', 'GENEWARD-CHECKLIST'] as const;

/** Takes X_ATTRIBUTES (tag, value, units), X_LINKS and the names of centre and broker. */
export function takeAttributes(object: Taker, word: string, gathered: Gathered): void {
  for (const item of object.child(`${word}_ATTRIBUTES`)?.children(`${word}_ATTRIBUTE`) ?? []) {
    const tag = item.text('TAG');
    const value = item.child('VALUE')?.element.text;
    const units = item.text('UNITS');
    item.text('VALUE');
    if (tag === undefined) continue;
    if (checklistTags.some((known) => known === tag) && value !== undefined) gathered.checklist = value.trim();
    else if (value !== undefined && value !== '') put(gathered, tag, value);
    if (units !== undefined) gathered.units.set(tag, units);
  }
  for (const link of object.child(`${word}_LINKS`)?.children(`${word}_LINK`) ?? []) {
    const url = link.child('URL_LINK');
    const xref = link.child('XREF_LINK') ?? link.child('ENTREZ_LINK');
    if (url) put(gathered, 'url', url.text('URL'));
    if (xref) put(gathered, 'xref', `${xref.text('DB') ?? ''}:${xref.text('ID') ?? xref.text('QUERY') ?? ''}`);
  }
  put(gathered, 'center_name', object.attribute('center_name'));
  put(gathered, 'broker_name', object.attribute('broker_name'));
}

/** Takes TAXON_ID and names under the names of the record's checklist: ours calls the scientific name `organism`. */
export function takeOrganism(parent: Taker | undefined, gathered: Gathered): void {
  const { id, name } = organismFields(gathered.checklist);
  put(gathered, id, parent?.text('TAXON_ID'));
  put(gathered, name, parent?.text('SCIENTIFIC_NAME'));
  for (const further of ['COMMON_NAME', 'STRAIN', 'BREED', 'CULTIVAR', 'ISOLATE'])
    put(gathered, further.toLowerCase(), parent?.text(further));
}

/** What a checklist calls identifier and scientific name of the organism. */
const organismFields = (checklist: string | undefined): { readonly id: string; readonly name: string } =>
  checklist?.startsWith('GWC-') === true
    ? { id: 'taxonomy_id', name: 'organism' }
    : { id: 'taxon_id', name: 'scientific_name' };

/** Takes X_REF elements: by accession, by alias, or by the identifiers inside. */
export function takeReferences(parent: Taker | undefined, element: string, type: ObjectType): readonly Reference[] {
  return (parent?.children(element) ?? []).flatMap((reference) => targetOf(reference, type));
}

/** The object that one reference element names. */
export function targetOf(reference: Taker, type: ObjectType): readonly Reference[] {
  const identifiers = reference.child('IDENTIFIERS');
  reference.attribute('refcenter');
  const target =
    reference.attribute('accession') ??
    reference.attribute('refname') ??
    identifiers?.text('PRIMARY_ID') ??
    identifiers?.text('SUBMITTER_ID');
  return target === undefined ? [] : [{ relation: 'part_of', type, target }];
}
