import type { ArchiveObject, Landing } from '@geneward/api';

/** The installation as citations name it. */
export interface Site {
  readonly name: string;
  /** Address without a slash at the end; absent while it is not configured. */
  readonly url?: string;
}
type Name = { readonly en: string; readonly zh: string } | undefined;

/** Address of the page about an object. */
const pageOf = (accession: string, site: Site): string => `${site.url ?? ''}/objects/${accession}`;

/** DataCite's order: creator (year). title [kind]. publisher. identifier. */
export function citationOf(object: ArchiveObject, organisation: Name, site: Site): Landing['citation'] {
  const year = (object.releasedAt ?? object.createdAt).slice(0, 4);
  const title = object.content?.title ?? object.alias;
  const id = object.accession ?? object.alias;
  const url = pageOf(id, site);
  const text = (language: 'en' | 'zh') => {
    const creator = organisation?.[language];
    const stop = language === 'en' ? '. ' : '。';
    const dated = language === 'en' ? `${creator ?? ''} (${year})`.trim() : `${creator ?? ''}（${year}）`;
    return `${[dated, `${title} [Data set]`, `${site.name}, ${id}`].join(stop)}${stop}${url}`.trim();
  };
  const creator = organisation?.en ?? site.name;
  return {
    text: { en: text('en'), zh: text('zh').replace('[Data set]', '[数据集]') },
    bibtex: [
      `@misc{${id.replaceAll(/[^\w-]/g, '_')},`,
      `  title = {${braces(title)}},`,
      `  author = {{${braces(creator)}}},`,
      `  year = {${year}},`,
      `  publisher = {${braces(site.name)}},`,
      `  note = {Accession ${braces(id)}},`,
      `  url = {${url}}`,
      '}',
    ].join('\n'),
    ris: [
      `TY  - DATA`,
      `TI  - ${line(title)}`,
      `AU  - ${line(creator)}`,
      `PY  - ${year}`,
      `PB  - ${line(site.name)}`,
      `AN  - ${line(id)}`,
      `UR  - ${url}`,
      'ER  - ',
    ].join('\n'),
  };
}

const braces = (text: string) => line(text).replaceAll(/[{}\\]/g, ' ');
const line = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

/** Bioschemas type of each kind of object: a sample is a BioSample, what holds data is a Dataset. */
const schemaType = (type: ArchiveObject['type']) =>
  type === 'sample' ? ['BioSample', 'Thing'] : type === 'project' ? ['Project', 'Dataset'] : ['Dataset'];

/** schema.org and Bioschemas, so that search engines for data find the page. */
export function jsonLdOf(object: ArchiveObject, organisation: Name, site: Site): Record<string, unknown> {
  const { accession, content } = object;
  const id = accession ?? object.alias;
  const url = pageOf(id, site);
  const properties = Object.entries(content?.attributes ?? {}).map(([name, value]) => ({
    '@type': 'PropertyValue',
    name,
    value,
    ...(content?.units[name] !== undefined && { unitText: content.units[name] }),
  }));
  return {
    '@context': 'https://schema.org',
    '@type': schemaType(object.type),
    '@id': url,
    identifier: id,
    url,
    name: content?.title ?? object.alias,
    ...(typeof content?.attributes['description'] === 'string' && { description: content.attributes['description'] }),
    ...(object.releasedAt !== undefined && { datePublished: object.releasedAt.slice(0, 10) }),
    dateModified: object.updatedAt.slice(0, 10),
    version: String(object.version),
    isAccessibleForFree: object.manner === 'public',
    ...(object.useTerms !== '' && { usageInfo: object.useTerms }),
    ...(organisation && {
      creator: { '@type': 'Organization', name: organisation.en, alternateName: organisation.zh },
    }),
    includedInDataCatalog: {
      '@type': 'DataCatalog',
      name: site.name,
      ...(site.url !== undefined && { url: site.url }),
    },
    ...(properties.length > 0 && {
      [object.type === 'sample' ? 'additionalProperty' : 'variableMeasured']: properties,
    }),
    ...(content &&
      content.files.length > 0 && {
        distribution: content.files.map((file) => ({
          '@type': 'DataDownload',
          name: file.name,
          encodingFormat: file.format,
          ...(file.sha256 !== undefined && { sha256: file.sha256 }),
          ...(file.id !== undefined && { contentUrl: `${site.url ?? ''}/api/v1/files/${file.id}/content` }),
        })),
      }),
  };
}
