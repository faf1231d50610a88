import type { ArchiveRecord, ObjectType } from '../model/record.ts';
import type { Text } from '../rules/rule.ts';

/** Why a target cannot carry a part of a record. */
export type LossReason =
  | 'no_document'
  | 'no_place'
  | 'needs_value'
  | 'unknown_term'
  | 'substituted'
  | 'characters'
  | 'too_long';

/** One thing that an export leaves out or says otherwise. `field` is `*` when the whole record is left out. */
export interface Loss {
  readonly type: ObjectType;
  readonly alias: string;
  readonly field: string;
  readonly reason: LossReason;
  readonly value?: string;
}

/** What the reasons mean, for whoever is shown a loss report. */
export const lossReasons: Readonly<Record<LossReason, Text>> = {
  no_document: { en: 'The target has no document for this kind of object', zh: '目标格式没有该类对象的文档' },
  no_place: { en: 'The target has no place for this field', zh: '目标格式没有对应的位置' },
  needs_value: { en: 'The target requires a value that is missing', zh: '目标格式要求的值缺失' },
  unknown_term: { en: 'The target does not know this term', zh: '目标格式不认识该术语' },
  substituted: { en: 'The target was given its nearest term instead', zh: '已改用目标格式中最接近的术语' },
  characters: { en: 'Characters that the target cannot write were left out', zh: '已略去目标格式无法书写的字符' },
  too_long: { en: 'The value is longer than the target allows', zh: '值超过目标格式允许的长度' },
};

/** Gathers losses of one export. */
export type Lose = (record: ArchiveRecord, field: string, reason: LossReason, value?: string) => void;

/** A list of losses and the way to add to it. */
export function collectLosses(): { losses: readonly Loss[]; lose: Lose } {
  const losses: Loss[] = [];
  return {
    losses,
    lose: ({ type, alias }, field, reason, value) => {
      losses.push({ type, alias, field, reason, ...(value === undefined ? {} : { value }) });
    },
  };
}

/** Files of an export with what they could not say. */
export interface Export {
  readonly files: readonly ExportFile[];
  readonly losses: readonly Loss[];
}

export interface ExportFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}
