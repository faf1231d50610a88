import { nameOf, type Lineage, type LineageEdge, type ReceiptOf } from './lineage.ts';

type Attributes = Record<string, unknown>;
type Records = Record<string, Attributes>;

/** The graph in PROV-JSON (W3C member submission, 2013): objects and files are entities, acts are activities. */
export function provJson(lineage: Lineage): Record<string, Records | Record<string, string>> {
  const { nodes, edges, files, archive } = lineage;
  const nameById = new Map(nodes.map((node) => [node.id, `object:${nameOf(node)}`]));
  const named = (id: string) => nameById.get(id) ?? `object:${id}`;
  const entity: Records = {};
  const activity: Records = {};
  const generated: Records = {};
  const associated: Records = {};
  for (const node of nodes) {
    entity[named(node.id)] = {
      'prov:label': node.title ?? node.alias,
      'prov:type': qualified(`geneward:${node.type}`),
      'geneward:status': node.status,
      'geneward:url': node.url,
    };
    if (!node.receipt) continue;
    const act = `act:${node.receipt.index}`;
    activity[act] = { 'prov:type': qualified(`geneward:${node.receipt.type}`), ...receiptOf(node.receipt) };
    generated[`_:g${node.receipt.index}`] = {
      'prov:entity': named(node.id),
      'prov:activity': act,
      ...receiptOf(node.receipt),
    };
    associated[`_:s${node.receipt.index}`] = { 'prov:activity': act, 'prov:agent': 'geneward:archive' };
  }
  for (const [at, file] of files.entries())
    entity[`file:${at + 1}`] = {
      'prov:label': file.name,
      'prov:type': qualified('geneward:file'),
      'prov:location': file.url,
      'geneward:format': file.format,
    };
  const { derived, influenced, members } = relations(edges, named);
  for (const [at, file] of files.entries())
    members[`_:f${at + 1}`] = { 'prov:collection': named(file.object), 'prov:entity': `file:${at + 1}` };
  return {
    prefix: {
      geneward: 'urn:geneward:prov:',
      object: `${archive.url}/objects/`,
      act: `${archive.url}/api/v1/ledger/entries/`,
      file: `urn:geneward:prov:file:`,
    },
    entity,
    activity,
    agent: { 'geneward:archive': { 'prov:type': qualified('prov:Organization'), 'prov:label': archive.name } },
    wasGeneratedBy: generated,
    wasAssociatedWith: associated,
    wasDerivedFrom: derived,
    wasInfluencedBy: influenced,
    hadMember: members,
  };
}

/** Each edge of the graph as one relation that can carry attributes; that something is part of another also as a membership. */
function relations(edges: readonly LineageEdge[], named: (id: string) => string) {
  const derived: Records = {};
  const influenced: Records = {};
  const members: Records = {};
  for (const [at, edge] of edges.entries()) {
    const said = { 'geneward:relation': edge.relation, 'geneward:since': edge.at, ...receiptOf(edge.receipt) };
    const [from, to] = [named(edge.from), named(edge.to)];
    if (edge.relation === 'derived_from' || edge.relation === 'replaces')
      derived[`_:e${at + 1}`] = {
        'prov:generatedEntity': from,
        'prov:usedEntity': to,
        ...(edge.relation === 'replaces' && { 'prov:type': qualified('prov:Revision') }),
        ...said,
      };
    else influenced[`_:e${at + 1}`] = { 'prov:influencee': from, 'prov:influencer': to, ...said };
    if (edge.relation === 'part_of') members[`_:m${at + 1}`] = { 'prov:collection': to, 'prov:entity': from };
  }
  return { derived, influenced, members };
}

const qualified = (name: string) => ({ $: name, type: 'prov:QUALIFIED_NAME' });

const receiptOf = (receipt: ReceiptOf | undefined): Attributes =>
  receipt
    ? { 'geneward:receipt': receipt.url, 'geneward:level': receipt.level, 'geneward:entry': receipt.index }
    : { 'geneward:receipt': 'none yet' };
