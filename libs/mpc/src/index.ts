/** What this room is built on. */
export const standard = 'Chida et al. 2018';
