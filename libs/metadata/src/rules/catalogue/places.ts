import type { Rule } from '../rule.ts';

/** Points, countries and whether they agree. */
export const placeRules = {
  pointForm: {
    code: 'GW1301',
    level: 'error',
    message: { en: '"{value}" in "{field}" is not a point.', zh: '“{field}”中的“{value}”不是坐标。' },
    explanation: {
      en: 'A point is written 38.98 N 77.11 W or 38.98 -77.11, in decimal degrees of WGS84.',
      zh: '坐标写作 38.98 N 77.11 W 或 38.98 -77.11，采用 WGS84 十进制度。',
    },
    mend: { en: 'Write latitude, then longitude.', zh: '请先写纬度，再写经度。' },
    example: { refused: 'lat_lon: near Shenzhen', accepted: 'lat_lon: 22.54 N 114.06 E' },
    same: { ddbj: ['BS_R0009'] },
  },
  pointBounds: {
    code: 'GW1302',
    level: 'error',
    message: { en: '"{value}" in "{field}" is not on the globe.', zh: '“{field}”中的“{value}”超出地球坐标范围。' },
    explanation: {
      en: 'Latitude ends at 90, longitude at 180 degrees. Values that fit when swapped are offered swapped.',
      zh: '纬度不超过 90 度，经度不超过 180 度。若互换后合理，系统会给出互换建议。',
    },
    mend: { en: 'Check the numbers and their order.', zh: '请检查数值及其顺序。' },
    example: { refused: 'lat_lon: 114.06 N 22.54 E', accepted: 'lat_lon: 22.54 N 114.06 E' },
    same: { ddbj: ['BS_R0009'] },
  },
  pointNotation: {
    code: 'GW1303',
    level: 'error',
    message: {
      en: '"{value}" in "{field}" is written "{suggestion}" here.',
      zh: '“{field}”中的“{value}”在此应写作“{suggestion}”。',
    },
    explanation: {
      en: 'Degrees, minutes and seconds are understood but kept as decimal degrees.',
      zh: '度分秒可以识别，但以十进制度保存。',
    },
    mend: { en: 'Accept "{suggestion}".', zh: '请接受“{suggestion}”。' },
    example: { refused: 'lat_lon: 22°32\'24"N 114°03\'36"E', accepted: 'lat_lon: 22.54 N 114.06 E' },
    same: { ddbj: ['BS_R0009'] },
  },
  coordinate: {
    code: 'GW1304',
    level: 'error',
    message: {
      en: '"{value}" in "{field}" is not a number of degrees between -{bound} and {bound}.',
      zh: '“{field}”中的“{value}”不是 -{bound} 到 {bound} 之间的度数。',
    },
    explanation: {
      en: 'ENA\'s pattern for this field lets "abc9" and a latitude of 150 pass; here the number must be real.',
      zh: 'ENA 对该字段的模式会放过“abc9”和 150 度的纬度；此处要求真实数值。',
    },
    mend: {
      en: 'Write decimal degrees with a sign, south and west negative.',
      zh: '请写带符号的十进制度，南纬和西经为负。',
    },
    example: { refused: 'geographic location (latitude): 150.0', accepted: 'geographic location (latitude): 22.54' },
  },
  halfPoint: {
    code: 'GW1305',
    level: 'warning',
    message: { en: '"{field}" is given, "{other}" is not.', zh: '填写了“{field}”，却没有填写“{other}”。' },
    explanation: { en: 'One coordinate alone names no place.', zh: '单独一个坐标不能确定位置。' },
    mend: { en: 'Give both or neither.', zh: '请同时填写或同时留空。' },
    example: { refused: 'latitude: 22.54; longitude: (empty)', accepted: 'latitude: 22.54; longitude: 114.06' },
  },
  country: {
    code: 'GW1306',
    level: 'error',
    message: {
      en: '"{value}" in "{field}" does not start with a country or sea of the INSDC list.',
      zh: '“{field}”中的“{value}”不是以 INSDC 列表中的国家或海域开头。',
    },
    explanation: { en: 'The list is shared by all INSDC archives.', zh: '该列表由所有 INSDC 档案库共用。' },
    mend: {
      en: 'Choose the country from the list, then a colon, then region and locality.',
      zh: '请从列表选择国家，加冒号后写地区和具体地点。',
    },
    example: { refused: 'geo_loc_name: Guangdong', accepted: 'geo_loc_name: China:Guangdong, Shenzhen' },
    same: { ddbj: ['BS_R0008'] },
  },
  countrySpelling: {
    code: 'GW1307',
    level: 'warning',
    message: {
      en: 'The country in "{value}" is written "{suggestion}" in the INSDC list.',
      zh: '“{value}”中的国家在 INSDC 列表中写作“{suggestion}”。',
    },
    explanation: { en: 'One spelling makes places comparable.', zh: '统一写法便于比较。' },
    mend: { en: 'Accept "{suggestion}".', zh: '请接受“{suggestion}”。' },
    example: { refused: 'geo_loc_name: Vietnam', accepted: 'geo_loc_name: Viet Nam' },
    same: { ddbj: ['BS_R0008'] },
  },
  historical: {
    code: 'GW1308',
    level: 'warning',
    message: { en: '"{country}" in "{field}" is a historical name.', zh: '“{field}”中的“{country}”是历史名称。' },
    explanation: {
      en: 'Historical names are right for material collected then, and wrong for new material.',
      zh: '历史名称只适用于当时采集的材料，不适用于新材料。',
    },
    mend: { en: 'Use the present name unless the material is that old.', zh: '除非材料确为当时采集，请使用现用名称。' },
    example: { refused: 'geo_loc_name: Zaire', accepted: 'geo_loc_name: Democratic Republic of the Congo' },
    same: { ddbj: ['BS_R0008'] },
  },
  nameForm: {
    code: 'GW1309',
    level: 'error',
    message: {
      en: '"{value}" in "{field}" does not have the form country:region, locality.',
      zh: '“{field}”中的“{value}”不符合“国家:地区, 地点”的格式。',
    },
    explanation: {
      en: 'A colon parts the country from the region, a comma the region from the locality; none may be empty.',
      zh: '国家与地区用冒号分隔，地区与地点用逗号分隔，均不得为空。',
    },
    mend: { en: 'Write for example "China:Guangdong, Shenzhen".', zh: '例如写作“China:Guangdong, Shenzhen”。' },
    example: { refused: 'geo_loc_name: China, Guangdong', accepted: 'geo_loc_name: China:Guangdong' },
    same: { ddbj: ['BS_R0094'] },
  },
  disagree: {
    code: 'GW1310',
    level: 'warning',
    message: { en: 'The point {point} does not lie in {country}.', zh: '坐标 {point} 不在 {country} 境内。' },
    explanation: {
      en: 'The check is coarse (boxes around countries, one degree of margin), so it warns only when they are well apart.',
      zh: '该检查较粗略（国家外接框，留一度余量），只在明显不符时警告。',
    },
    mend: { en: 'Check sign and order of the coordinates, and the country.', zh: '请检查坐标的正负与顺序，以及国家。' },
    example: {
      refused: 'geo_loc_name: China; lat_lon: 22.54 S 114.06 E',
      accepted: 'geo_loc_name: China; lat_lon: 22.54 N 114.06 E',
    },
    same: { ddbj: ['BS_R0041'] },
  },
} as const satisfies Record<string, Rule>;
