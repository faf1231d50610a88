import manifest from '../../../package.json' with { type: 'json' };

/** What a conclusion was computed by, as records name it. */
export const program = `geneward ${manifest.version}`;
