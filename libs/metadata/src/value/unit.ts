/** Unit spellings that mean the same; the first of each line is what a suggestion offers when no checklist says otherwise. */
const families: readonly (readonly string[])[] = [
  ['°C', 'ºC', '℃', 'degree Celsius', 'degrees Celsius', 'deg C', 'C', 'Celsius', '摄氏度'],
  ['m', 'meter', 'metre', 'meters', 'metres', '米'],
  ['cm', 'centimeter', 'centimetre', 'centimeters', 'centimetres', '厘米'],
  ['mm', 'millimeter', 'millimetre', 'millimeters', 'millimetres', '毫米'],
  ['km', 'kilometer', 'kilometre', 'kilometers', 'kilometres', '千米', '公里'],
  ['µm', 'μm', 'um', 'micrometer', 'micrometre', 'micron', '微米'],
  ['g', 'gram', 'grams', '克'],
  ['kg', 'kilogram', 'kilograms', '千克', '公斤'],
  ['mg', 'milligram', 'milligrams', '毫克'],
  ['µg', 'μg', 'ug', 'microgram', '微克'],
  ['ng', 'nanogram', 'nanograms', '纳克'],
  ['L', 'l', 'liter', 'litre', 'liters', 'litres', '升'],
  ['mL', 'ml', 'milliliter', 'millilitre', 'milliliters', '毫升'],
  ['µL', 'μL', 'uL', 'ul', 'µl', 'μl', 'microliter', 'microlitre', '微升'],
  ['year', 'years', 'yr', 'yrs', 'y', '岁', '年'],
  ['month', 'months', 'mo', '月', '个月'],
  ['week', 'weeks', 'wk', 'wks', '周'],
  ['day', 'days', 'd', '天', '日'],
  ['hour', 'hours', 'h', 'hr', 'hrs', '小时'],
  ['minute', 'minutes', 'min', 'mins', '分钟'],
  ['%', 'percent', 'per cent', 'percentage', '百分比'],
  ['psu', 'PSU', 'practical salinity unit', 'practical salinity units'],
  ['DD', 'decimal degree', 'decimal degrees', 'degrees', '°'],
  ['bp', 'base pair', 'base pairs', '碱基对'],
  ['mg/L', 'mg/l', 'milligram per liter'],
  ['µmol/L', 'μmol/L', 'umol/L', 'µM', 'μM', 'uM', 'micromole per liter'],
];

const familyOf = new Map(families.flatMap((family, index) => family.map((unit) => [unit, index] as const)));

/** The permitted unit that a written one means (`meters` for `m`, `ºC` for `°C`), or nothing. */
export function sameUnit(written: string, permitted: readonly string[]): string | undefined {
  const folded = written.normalize('NFKC').trim();
  const family = familyOf.get(written.trim()) ?? familyOf.get(folded) ?? familyOf.get(folded.toLowerCase());
  return permitted.find(
    (unit) =>
      unit.normalize('NFKC').toLowerCase() === folded.toLowerCase() ||
      (family !== undefined && (familyOf.get(unit) ?? familyOf.get(unit.toLowerCase())) === family),
  );
}
