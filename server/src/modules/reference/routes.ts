import { referenceRoutes, ruleCatalogue } from '@geneward/api';
import { vocabularies } from '@geneward/metadata';
import { bind, type Server } from '../../platform/http.ts';
import type { Parts } from '../../platform/parts.ts';
import { Problem } from '../../platform/problem.ts';
import { disposition } from '../files/index.ts';
import { getChecklist, getChecklistSchema, importChecklists, listChecklists } from './service/checklists.ts';
import { receiveTaxonomy } from './service/load-taxonomy.ts';
import { getTaxon, getTaxonomy, suggestTaxa } from './service/taxa.ts';
import { getTemplate } from './service/template.ts';

/** Puts checklists, templates, rules, vocabularies and organisms on the server. */
export function bindReference(server: Server, parts: Parts): void {
  bind(server, referenceRoutes, {
    listChecklists: ({ context, query }) => listChecklists(context, query.object),
    getChecklist: ({ context, params }) => getChecklist(context, params.checklist),
    getChecklistSchema: ({ context, params }) => getChecklistSchema(context, params.checklist),
    importChecklists: ({ context, bytes, query }) => importChecklists(context, parts.config, bytes, query),
    getTemplate: async ({ context, params, query, reply }) => {
      const language = query.lang ?? context.language;
      const { name, type, bytes } = await getTemplate(context, params.template, { sample: query.sample, language });
      return reply.type(type).header('content-disposition', disposition(name)).send(Buffer.from(bytes));
    },
    listRules: async () => ({ items: [...ruleCatalogue.values()] }),
    getRule: async ({ params }) => present([...ruleCatalogue.values()].find(({ code }) => code === params.code)),
    listVocabularies: async () => ({
      items: vocabularies.map(({ name, version, source, terms }) => ({ name, version, source, terms: terms.length })),
    }),
    getVocabulary: async ({ params }) => {
      const { terms, ...vocabulary } = present(vocabularies.find(({ name }) => name === params.vocabulary));
      return { ...vocabulary, terms: terms.map((term) => ({ ...term })) };
    },
    suggestTaxa: ({ context, query }) => suggestTaxa(context, query.name, query.limit),
    getTaxon: ({ context, params }) => getTaxon(context, params.taxon),
    getTaxonomy: ({ context }) => getTaxonomy(context),
    loadTaxonomy: ({ context, bytes }) => receiveTaxonomy(context, parts, bytes),
  });
}

function present<T>(found: T | undefined): T {
  if (found === undefined) throw new Problem('not_found');
  return found;
}
