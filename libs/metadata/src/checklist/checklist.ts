import type { ObjectType } from '../model/record.ts';
import type { Text } from '../rules/rule.ts';

/** How much a checklist insists on a field. */
export type Requirement = 'mandatory' | 'recommended' | 'optional';

/**
 * What the INSDC null terms ("not collected", "missing: control sample" …) may do in a field:
 * `allowed`; `reported`: only a term that says why (a reporting level); `discouraged`: leave it empty instead;
 * `forbidden`: a true value is needed. When a field says nothing, an optional one discourages and any other allows.
 */
export type NullPolicy = 'allowed' | 'reported' | 'discouraged' | 'forbidden';

/** Meaning of a text beyond its characters; each has a strict reader in `src/value`. */
export type TextFormat =
  | 'number'
  | 'integer'
  | 'latitude'
  | 'longitude'
  | 'lat_lon'
  | 'country'
  | 'geo_loc_name'
  | 'md5'
  | 'accession'
  | 'doi'
  | 'url'
  | 'email';

/** One permitted value of a choice, with the other ways in which people write it. */
export interface Choice {
  readonly value: string;
  readonly synonyms?: readonly string[];
  readonly label?: Text;
  /** Ontology term or other definition. */
  readonly meaning?: string;
}

/** The six field types of the ENA checklist schema; NCBI packages, MIxS and CNSA templates fit into them too. */
export type FieldType =
  | {
      readonly kind: 'text';
      readonly minLength?: number;
      readonly maxLength?: number;
      /** Regular expression that the whole value must match; the syntax that `pattern.ts` reads. */
      readonly pattern?: string;
      readonly format?: TextFormat;
      /** Inclusive bounds of `number` and `integer`. */
      readonly minimum?: number;
      readonly maximum?: number;
    }
  | { readonly kind: 'textArea'; readonly minLength?: number; readonly maxLength?: number }
  | {
      readonly kind: 'choice';
      readonly values: readonly Choice[];
      /** Name of the vocabulary that the values were taken from. */
      readonly vocabulary?: string;
      /** Other values pass with a warning, for lists that their keepers call open. */
      readonly open?: boolean;
    }
  | { readonly kind: 'date'; readonly ranges?: boolean }
  | {
      readonly kind: 'taxon';
      /** Whether the value is a scientific name or an NCBI taxonomy identifier. */
      readonly by: 'name' | 'id';
      /** For an identifier: the field that holds the name of the same organism. */
      readonly of?: string;
      /** Taxonomy identifiers; the organism must be one of them or below one of them. */
      readonly permitted?: readonly number[];
      readonly notPermitted?: readonly number[];
      /** Whether the organism must be, or must not be, an environmental "… metagenome" taxon. */
      readonly metagenome?: 'required' | 'refused';
    }
  | {
      readonly kind: 'ontology';
      /** Prefixes such as `UBERON`, `ENVO`; empty when any ontology will do. */
      readonly ontologies: readonly string[];
    };

/** One column of a sheet. */
export interface Field {
  /** Name in data: INSDC or MIxS form for built-in checklists, the source's own for imported ones. */
  readonly name: string;
  readonly synonyms?: readonly string[];
  readonly label: Text;
  readonly description: Text;
  readonly examples?: readonly string[];
  readonly requirement: Requirement;
  readonly type: FieldType;
  readonly multiple?: boolean;
  /** Permitted units, the preferred one first. A value of a field with units stands with one of them. */
  readonly units?: readonly string[];
  readonly nulls?: NullPolicy;
}

/** How many fields of a group must be filled. */
export type Restriction = 'any' | 'one' | 'atLeastOne' | 'oneOrNone';

/** Fields shown together, with the rule on how many of them a row fills. */
export interface FieldGroup {
  readonly name: string;
  readonly label: Text;
  readonly restriction: Restriction;
  readonly fields: readonly Field[];
}

/** A rule across fields, in the small language of `condition.ts`. */
export interface Condition {
  readonly label: string;
  readonly expression: string;
  readonly error: Text;
}

/**
 * What one kind of object must say about itself. Imported checklists carry their source's text in both languages
 * where no translation is known.
 */
export interface Checklist {
  /** `GWC-human`, `ERC000011`, `MIXS-MimsSoil` …; the value of `ArchiveRecord.checklist`. */
  readonly id: string;
  readonly version: string;
  readonly object: ObjectType;
  readonly label: Text;
  readonly description: Text;
  /** Who keeps it: `Geneward`, `ENA`, `GSC`. */
  readonly authority: string;
  readonly groups: readonly FieldGroup[];
  readonly conditions: readonly Condition[];
}

/** All fields in the order of the sheet, for whoever does not care about groups. */
export const fieldsOf = (checklist: Checklist): readonly Field[] => checklist.groups.flatMap((group) => group.fields);
