import { openLabel, type Resource } from '@geneward/api';

/** What a search or a building of the index is done to, for the access decision. */
export const installation: Resource = { kind: 'installation', id: 'installation', label: openLabel };
