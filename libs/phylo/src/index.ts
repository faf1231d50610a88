export * from './tree/index.ts';
/** What this room is built on. */
export const standard = 'Auspice v2';
