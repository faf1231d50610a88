import { nameOf, type Lineage, type LineageEdge, type ReceiptOf } from './lineage.ts';

type Entity = { readonly '@id': string; readonly '@type': string | readonly string[] } & Record<string, unknown>;

const ref = (id: string) => ({ '@id': id });
const specification = 'https://w3id.org/ro/crate/1.2';

/** The graph as the metadata of a Research Object Crate (RO-Crate 1.2); each edge is an action with its receipt. */
export function roCrate(lineage: Lineage): { readonly '@context': string; readonly '@graph': readonly Entity[] } {
  const { nodes, edges, files, archive, at, root, useTerms } = lineage;
  const url = new Map(nodes.map((node) => [node.id, node.url]));
  const main = nodes.find(({ id }) => id === root);
  const name = main ? nameOf(main) : root;
  const receipts = [...nodes, ...edges].flatMap(({ receipt }) => (receipt ? [receipt] : []));
  const graph: Entity[] = [
    { '@id': 'ro-crate-metadata.json', '@type': 'CreativeWork', conformsTo: ref(specification), about: ref('./') },
    {
      '@id': './',
      '@type': 'Dataset',
      name: `Lineage of ${name}`,
      description: `What ${name} stands on and what stands on it, as ${archive.name} recorded it${
        lineage.truncated ? '; there is more than is told here' : ''
      }. Each relation is an action that carries its receipt, which is verified offline.`,
      datePublished: at.toISOString().slice(0, 10),
      license: ref('#use-terms'),
      publisher: ref(archive.url),
      ...(main && { mainEntity: ref(main.url) }),
      mentions: [...nodes.map((node) => ref(node.url)), ...edges.map((_, index) => ref(edgeId(index)))],
      hasPart: files.map((file) => ref(file.url)),
    },
    {
      '@id': '#use-terms',
      '@type': 'CreativeWork',
      name: 'Terms of use',
      description: useTerms === '' ? 'The submitter has stated no terms of use.' : useTerms,
    },
    { '@id': archive.url, '@type': 'Organization', name: archive.name, url: archive.url },
    ...nodes.map((node) => ({
      '@id': node.url,
      '@type': 'CreativeWork',
      additionalType: node.type,
      identifier: nameOf(node),
      name: node.title ?? node.alias,
      creativeWorkStatus: node.status,
      url: node.url,
      ...aboutReceipt(node.receipt),
    })),
    ...files.map((file) => ({
      '@id': file.url,
      '@type': 'File',
      name: file.name,
      encodingFormat: file.format,
      isPartOf: ref(url.get(file.object) ?? './'),
    })),
    ...edges.map((edge, index) => action(edge, index, url)),
    ...[...new Map(receipts.map((receipt) => [receipt.url, receipt])).values()].map((receipt) => ({
      '@id': receipt.url,
      '@type': 'CreativeWork',
      name: `Receipt of entry ${receipt.index}, level ${receipt.level}`,
      encodingFormat: 'text/plain',
      url: receipt.url,
    })),
  ];
  return { '@context': `${specification}/context`, '@graph': graph };
}

const edgeId = (index: number) => `#edge-${index + 1}`;

/** One edge as the act that made it. */
function action(edge: LineageEdge, index: number, url: ReadonlyMap<string, string>): Entity {
  return {
    '@id': edgeId(index),
    '@type': 'CreateAction',
    name: edge.relation,
    object: ref(url.get(edge.to) ?? edge.to),
    result: ref(url.get(edge.from) ?? edge.from),
    endTime: edge.at,
    actionStatus: ref('http://schema.org/CompletedActionStatus'),
    ...aboutReceipt(edge.receipt),
  };
}

const aboutReceipt = (receipt: ReceiptOf | undefined) =>
  receipt ? { subjectOf: ref(receipt.url) } : { disambiguatingDescription: 'no receipt exists yet' };
