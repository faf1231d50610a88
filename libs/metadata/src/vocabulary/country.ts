import { countries } from '../data/vocabularies/countries.ts';
import type { Term } from './vocabulary.ts';
import { termReader } from './vocabulary.ts';

/** Degrees: south, north, west, east. */
export type Box = readonly [south: number, north: number, west: number, east: number];

/** A country, territory or sea of the INSDC list. */
export interface Country extends Term {
  /** ISO 3166-1 alpha-2. */
  readonly iso?: string;
  readonly sea?: boolean;
  /** A name that is no longer in use; `successor` where one country took its place. */
  readonly historical?: boolean;
  readonly successor?: string;
  /** Older name in ENA's checklist enumeration. */
  readonly ena?: string;
  readonly boxes?: readonly (readonly number[])[];
}

/** Reads a country or sea name; historical names are found as themselves. */
export const readCountry = termReader(countries);

const byName = new Map(countries.map((country) => [country.value, country]));

/** The entry of a canonical name. */
export const countryNamed = (name: string): Country | undefined => byName.get(name);

/** Name of a country as ENA's checklists enumerate it. */
export const countryForEna = (name: string): string => byName.get(name)?.ena ?? name;

/**
 * Whether a point lies in or near a country's boxes; `undefined` for seas and small islands without a box.
 * The margin of one degree covers coastal water and the coarseness of the boxes.
 */
export function pointIn(country: Country, latitude: number, longitude: number): boolean | undefined {
  if (!country.boxes) return undefined;
  const margin = 1;
  return country.boxes.some(
    ([south = 90, north = -90, west = 180, east = -180]) =>
      latitude >= south - margin &&
      latitude <= north + margin &&
      longitude >= west - margin &&
      longitude <= east + margin,
  );
}
