import type { Landing, SearchHit } from '@geneward/api';
import type { Context } from '../../../platform/context.ts';
import { citationOf, jsonLdOf, type Site } from '../citation.ts';
import { exact, quote } from '../lexeme.ts';
import type { CatalogPorts } from '../ports.ts';
import { entriesById, gather } from '../store-search.ts';
import { audienceOf } from './search.ts';
import { showEntries } from './show.ts';

/** Everything that a page about one object shows. Reading the object decides on access. */
export async function landing(context: Context, ports: CatalogPorts, site: Site, accession: string): Promise<Landing> {
  const object = await ports.readObject(context, accession);
  const names = await ports.organisationNames(context.db, [object.organisation]);
  const name = names.get(object.organisation);
  return {
    object,
    graph: await ports.objectGraph(context, object.id),
    citation: citationOf(object, name, site),
    jsonLd: jsonLdOf(object, name, site),
    ...(name && { organisationName: name[context.language] }),
  };
}

/** Objects that the caller may find and that hold a file with this checksum. */
export async function byChecksum(context: Context, ports: CatalogPorts, checksum: string): Promise<SearchHit[]> {
  const { db } = context;
  const question = { tsquery: quote(exact('checksum', checksum)), rankQuery: '', ...audienceOf(context) };
  const found = await gather(db, question, { sort: 'newest', after: undefined, limit: 100, facets: false });
  const entries = await entriesById(
    db,
    found.page.map((one) => one.id),
  );
  return showEntries(db, context, ports, entries);
}
