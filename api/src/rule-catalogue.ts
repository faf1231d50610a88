import { fileRules } from '@geneward/formats';
import { virusRules } from '@geneward/phylo';
import { catalogue, combineCatalogues, intakeRules, type Catalogue } from '@geneward/metadata';
import { submissionRules } from './submission-rules.ts';

/** Every rule that input is checked by, of all libraries and of the archive itself: what server, command line and pages say. */
export const ruleCatalogue: Catalogue = combineCatalogues(
  catalogue.values(),
  Object.values(intakeRules),
  fileRules,
  virusRules,
  Object.values(submissionRules),
);
