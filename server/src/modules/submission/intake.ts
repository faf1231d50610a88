import type { Parts } from '../../platform/parts.ts';
import type { Archive } from './archive.ts';

/** What the use cases of intake stand on: bytes, limits and the clock beside the archive's own rules. */
export interface Intake extends Archive, Pick<Parts, 'blobs' | 'config'> {}

/** Longest sheet that is read while its sender waits; longer ones are read by a job. */
export const readAtOnceBytes = 256 * 1024;
/** Records that are judged and written together. */
export const recordsAtOnce = 250;
/** Sheets of one submission. */
export const sheetsPerSubmission = 100;
/** Objects of one export: the formats need all of them at once. */
export const exportedAtOnce = 50_000;

/** Sources of findings. */
export const checkSource = 'check';
export const sheetSource = (sheet: string): string => `sheet:${sheet}`;
export const objectSource = (object: string): string => `object:${object}`;

/** Keys of sheets are random and never used twice. */
export const sheetPrefix = 'sheets';
