import type { Catalogue } from '../render.ts';
import { combineCatalogues } from '../render.ts';
import { dateRules } from './dates.ts';
import { fieldRules } from './fields.ts';
import { nullRules } from './nulls.ts';
import { objectRules } from './objects.ts';
import { placeRules } from './places.ts';
import { taxonRules } from './taxa.ts';

/** Rules on fields, objects and organisms; tables (GW3) and files (GW5) add theirs with `combineCatalogues`. */
export const catalogue: Catalogue = combineCatalogues(
  Object.values(fieldRules),
  Object.values(nullRules),
  Object.values(dateRules),
  Object.values(placeRules),
  Object.values(objectRules),
  Object.values(taxonRules),
);

export { dateRules, fieldRules, nullRules, objectRules, placeRules, taxonRules };
