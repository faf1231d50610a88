import { fieldRules, placeRules } from '../rules/catalogue/core.ts';
import { found } from '../rules/found.ts';
import type { Finding, Place } from '../rules/rule.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { pointIn, readCountry } from '../vocabulary/country.ts';
import { readPlaceName } from '../value/place-name.ts';
import type { Point } from '../value/point.ts';
import { readCoordinate, readPoint, writePoint } from '../value/point.ts';
import type { Checklist, Field, TextFormat } from './checklist.ts';
import { compileCondition } from './condition.ts';
import { taxonPairVerdict } from './judge-taxon.ts';
import { place, remember } from './verdict.ts';

type Cells = Readonly<Record<string, string | readonly string[]>>;

/** A check over several cells of a row. */
export type RowCheck = (cells: Cells, where: Place, findings: Finding[]) => void;

const first = (cell: string | readonly string[] | undefined): string | undefined =>
  typeof cell === 'object' ? cell[0] : cell;
const filled = (cell: string | readonly string[] | undefined): boolean =>
  cell !== undefined && cell.length > 0 && first(cell) !== '';

/** How many fields of each restricted group a row fills. */
export function groupChecks(checklist: Checklist): RowCheck[] {
  return checklist.groups.flatMap(({ label, restriction, fields }): RowCheck[] => {
    if (restriction === 'any') return [];
    const names = fields.map((field) => field.name);
    const params = { group: label.en, fields: names.join(', ') };
    const needed = restriction === 'one' || restriction === 'atLeastOne';
    const alone = restriction === 'one' || restriction === 'oneOrNone';
    return [
      (cells, where, findings) => {
        let count = 0;
        for (const name of names) if (filled(cells[name])) count++;
        if (count === 0 && needed) findings.push(found(fieldRules.groupMissing, where, { params }));
        if (count > 1 && alone) findings.push(found(fieldRules.groupSeveral, where, { params }));
      },
    ];
  });
}

/** Whether name and identifier of the same organism agree. */
export function organismChecks(fields: readonly Field[], taxonomy: Taxonomy): RowCheck[] {
  return fields.flatMap(({ name: id, type }): RowCheck[] => {
    if (type.kind !== 'taxon' || type.by !== 'id' || type.of === undefined) return [];
    const name = type.of;
    const judge = remember((organism) => remember((identifier) => taxonPairVerdict(taxonomy, organism, identifier)));
    return [
      (cells, where, findings) => {
        const [organism, identifier] = [first(cells[name]), first(cells[id])];
        if (organism && identifier) place(judge(organism)(identifier), where, id, findings);
      },
    ];
  });
}

/** Whether the point lies in the country, and whether both coordinates are there. */
export function pointChecks(fields: readonly Field[]): RowCheck[] {
  const named = (format: TextFormat): string | undefined =>
    fields.find(({ type }) => type.kind === 'text' && type.format === format)?.name;
  const [point, latitude, longitude] = [named('lat_lon'), named('latitude'), named('longitude')];
  const country = named('geo_loc_name') ?? named('country') ?? fields.find(isCountryChoice)?.name;
  const checks: RowCheck[] = [];
  if (latitude !== undefined && longitude !== undefined) checks.push(halfPointCheck(latitude, longitude));
  if (country === undefined) return checks;
  const readText = remember((text): { point?: Point } => {
    const reading = readPoint(text);
    return reading.ok ? { point: reading.point } : {};
  });
  const pointOf = (cells: Cells): Point | undefined => {
    const text = point === undefined ? undefined : first(cells[point]);
    if (text) return readText(text).point;
    const [north, east] = [latitude && first(cells[latitude]), longitude && first(cells[longitude])];
    if (!north || !east) return undefined;
    const [lat, lon] = [readCoordinate(north, 90), readCoordinate(east, 180)];
    return lat === undefined || lon === undefined ? undefined : { latitude: lat, longitude: lon };
  };
  if (point !== undefined || latitude !== undefined)
    checks.push(agreementCheck(country, pointOf, point ?? latitude ?? country));
  return checks;
}

const isCountryChoice = ({ name, type }: Field): boolean =>
  type.kind === 'choice' && (type.vocabulary === 'country' || /country and\/or sea/.test(name));

const halfPointCheck =
  (latitude: string, longitude: string): RowCheck =>
  (cells, where, findings) => {
    const [north, east] = [filled(cells[latitude]), filled(cells[longitude])];
    if (north === east) return;
    const [field, other] = north ? [latitude, longitude] : [longitude, latitude];
    findings.push(found(placeRules.halfPoint, { ...where, column: other }, { params: { field, other } }));
  };

function agreementCheck(countryField: string, pointOf: (cells: Cells) => Point | undefined, column: string): RowCheck {
  const countryOf = remember((text) => {
    const reading = readPlaceName(text);
    if (reading.ok) return { country: reading.country };
    const match = readCountry(text);
    return match.kind === 'none' ? {} : { country: match.term };
  });
  return (cells, where, findings) => {
    const text = first(cells[countryField]);
    if (!text) return;
    const { country } = countryOf(text);
    if (!country?.boxes) return;
    const point = pointOf(cells);
    if (!point || pointIn(country, point.latitude, point.longitude) !== false) return;
    const params = { point: writePoint(point), country: country.value };
    const suggestion = mended(point, (mend) => pointIn(country, mend.latitude, mend.longitude) === true);
    findings.push(found(placeRules.disagree, { ...where, column }, { value: params.point, params, suggestion }));
  };
}

/** The usual slips: a lost sign, or latitude and longitude swapped. Offered only when exactly one of them mends the point. */
function mended({ latitude, longitude }: Point, fits: (point: Point) => boolean): string | undefined {
  const candidates: readonly Point[] = [
    { latitude: -latitude, longitude },
    { latitude, longitude: -longitude },
    { latitude: -latitude, longitude: -longitude },
    { latitude: longitude, longitude: latitude },
  ];
  const fitting = candidates.filter((point) => Math.abs(point.latitude) <= 90 && fits(point));
  return fitting.length === 1 && fitting[0] ? writePoint(fitting[0]) : undefined;
}

/** Conditions across fields. One that cannot be read was reported when the checklist was imported and says nothing here. */
export function conditionChecks(checklist: Checklist): RowCheck[] {
  return checklist.conditions.flatMap(({ label, expression, error }): RowCheck[] => {
    const condition = compileCondition(expression);
    if (!condition.ok) return [];
    const params = { error: error.en, error_zh: error.zh, condition: label };
    return [
      (cells, where, findings) => {
        if (!condition.holds((field) => first(cells[field])))
          findings.push(found(fieldRules.condition, where, { params }));
      },
    ];
  });
}
