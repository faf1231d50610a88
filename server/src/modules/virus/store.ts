/** SQL of this module's tables, by theme. */
export * from './store/alerts.ts';
export * from './store/batches.ts';
export * from './store/blobs.ts';
export * from './store/datasets.ts';
export * from './store/figures.ts';
export * from './store/forecasts.ts';
export * from './store/genomes.ts';
export * from './store/sources.ts';
export * from './store/trees.ts';
