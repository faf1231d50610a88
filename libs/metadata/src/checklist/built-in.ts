import { objectChecklists } from '../data/checklists/checklists.ts';
import { enaDefault, enaVirus } from '../data/checklists/ena.ts';
import { sampleTypes } from '../data/sample-types/sample-types.ts';
import type { ObjectType } from '../model/record.ts';
import type { Checklist } from './checklist.ts';

export { objectChecklists, sampleTypes };

/** Every checklist that comes with the platform: one an object type, the sample types, and ENA's two most named ones. */
export const builtInChecklists: readonly Checklist[] = [
  ...Object.values(objectChecklists),
  ...sampleTypes,
  enaDefault,
  enaVirus,
];

/** The sample type that samples without one are judged by. */
export const generalSampleType = 'GWC-general';

/**
 * Finds the checklist that a record names, among `installed` ones; a record without a name is judged by that of its object
 * type. `undefined` when the name is unknown or belongs to another object type.
 */
export function checklistFor(
  record: { readonly type: ObjectType; readonly checklist?: string },
  installed: readonly Checklist[] = builtInChecklists,
): Checklist | undefined {
  if (record.checklist !== undefined && record.checklist !== '')
    return installed.find(({ id, object }) => id === record.checklist && object === record.type);
  if (record.type === 'sample') return installed.find(({ id }) => id === generalSampleType);
  return installed.find((checklist) => checklist.object === record.type);
}
