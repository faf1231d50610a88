import type { OfferedObject } from '../submission/index.ts';

type Attributes = OfferedObject['attributes'];

/** An object as it is offered to be indexed. */
export type IndexedObject = OfferedObject;

/** What the index keeps of an object for filters, facets and lists. */
export interface Entry extends Omit<IndexedObject, 'attributes' | 'files' | 'inherited' | 'title'> {
  readonly title: string;
  readonly organism?: string;
  readonly taxon?: number;
  readonly country?: string;
  readonly collectedOn?: string;
  readonly strategy?: string;
  readonly platform?: string;
  readonly instrument?: string;
  /** Of collection; else of release. */
  readonly year?: number;
  readonly files: number;
  readonly bytes: bigint;
  /** Anybody may find it. */
  readonly open: boolean;
  /** Its owners may find it. */
  readonly listed: boolean;
}

/** Names under which submitters and checklists give a field, compared without case and signs. */
const names = {
  organism: ['organism', 'scientificname', 'hostscientificname'],
  taxon: ['taxid', 'taxonid', 'taxonomyid', 'organismtaxid', 'taxontaxid'],
  country: [
    'country',
    'geolocname',
    'geographiclocationcountryandorsea',
    'geographiclocation',
    'geographiclocationcountry',
  ],
  collectedOn: ['collectiondate', 'collectedon', 'collectiontimestamp'],
  strategy: ['librarystrategy', 'strategy', 'studytype', 'existingstudytype'],
  platform: ['platform', 'instrumentplatform', 'sequencingplatform'],
  instrument: ['instrumentmodel', 'instrument', 'sequencinginstrument'],
} as const;

/** Values that say "not known": they are no facet. */
const unknown = /^(?:missing|not applicable|not collected|not provided|restricted access|unknown|n\/?a|-)?(?::.*)?$/i;

/** Draws from an object what it is found by. */
export function entryOf(object: IndexedObject): Entry {
  const { attributes, files, inherited, title, ...rest } = object;
  const sources = [attributes, ...inherited].map(byPlainName);
  const field = (name: keyof typeof names) => firstValue(sources, names[name]);
  const country = field('country')?.split(':')[0]?.trim();
  const taxon = Number(field('taxon'));
  const collectedOn = field('collectedOn')?.slice(0, 100);
  const year = Number(/\b(1[89]|20)\d\d\b/.exec(collectedOn ?? '')?.[0] ?? object.releasedAt?.getUTCFullYear());
  return {
    ...rest,
    title: title ?? object.alias,
    files: files.length,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0n),
    open: object.status === 'released' && object.manner !== 'private',
    listed: !['suppressed', 'withdrawn', 'destroyed'].includes(object.status),
    ...defined({
      organism: field('organism')?.slice(0, 200),
      taxon: Number.isSafeInteger(taxon) && taxon > 0 && taxon < 2 ** 31 ? taxon : undefined,
      country: country?.slice(0, 100),
      collectedOn,
      strategy: field('strategy')?.slice(0, 100),
      platform: field('platform')?.slice(0, 100),
      instrument: field('instrument')?.slice(0, 100),
      year: Number.isNaN(year) ? undefined : year,
    }),
  };
}

const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z]/g, '');

function byPlainName(attributes: Attributes): Map<string, string> {
  return new Map(
    Object.entries(attributes).flatMap(([name, value]) => {
      const first = typeof value === 'string' ? value : value[0];
      return first === undefined || unknown.test(first.trim()) ? [] : [[plain(name), first.trim()] as const];
    }),
  );
}

function firstValue(sources: readonly Map<string, string>[], wanted: readonly string[]): string | undefined {
  for (const source of sources) for (const name of wanted) if (source.has(name)) return source.get(name);
  return undefined;
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
const defined = <T extends object>(values: T): Defined<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
