import { fieldRules } from '../rules/catalogue/core.ts';
import { readNull } from '../value/null-term.ts';
import { readNumber, splitMeasure } from '../value/number.ts';
import { sameUnit } from '../value/unit.ts';
import type { Field } from './checklist.ts';
import type { Verdict } from './verdict.ts';
import { passes, verdict } from './verdict.ts';

/** Judges the unit beside a value, or the lack of one; nothing for fields without units and for words instead of numbers. */
export function unitJudge(field: Field): ((value: string, unit: string | undefined) => readonly Verdict[]) | undefined {
  const { name, units = [], type } = field;
  const coordinate = type.kind === 'text' && (type.format === 'latitude' || type.format === 'longitude');
  if (units.length === 0 || coordinate) return undefined;
  const permitted = new Set(units);
  const all = units.join(', ');
  return (value, unit) => {
    if (unit !== undefined && permitted.has(unit)) return passes;
    if (unit !== undefined && unit !== '') {
      const suggestion = sameUnit(unit, units);
      const params = { field: name, unit, units: all };
      return suggestion === undefined
        ? verdict(fieldRules.unitUnknown, { value: unit, params })
        : verdict(fieldRules.unitSpelling, { value: unit, params, suggestion });
    }
    if (readNumber(value) !== undefined)
      return verdict(fieldRules.unitMissing, { value, params: { field: name, units: all, usual: units[0] ?? '' } });
    const measure = readNull(value) ? undefined : splitMeasure(value);
    if (!measure) return passes;
    const written = sameUnit(measure.unit, units);
    return written === undefined
      ? verdict(fieldRules.unitUnknown, { value, params: { field: name, unit: measure.unit, units: all } })
      : verdict(fieldRules.unitInValue, { value, params: { field: name, unit: written }, suggestion: measure.number });
  };
}
