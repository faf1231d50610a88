import type { Rule } from '../rule.ts';

/** What a single field or a row of them can do wrong, apart from nulls, dates, places and organisms. */
export const fieldRules = {
  missing: {
    code: 'GW1001',
    level: 'error',
    message: { en: 'The mandatory field "{field}" is empty.', zh: '必填字段“{field}”为空。' },
    explanation: {
      en: 'The checklist of this object type asks for the field; without it the data cannot be interpreted or exchanged.',
      zh: '该对象类型的清单要求填写此字段；缺少它，数据将无法被解读或交换。',
    },
    mend: {
      en: 'Fill in the value. If there truly is none, use an INSDC term such as "not collected", where the field allows it.',
      zh: '请填写该值；若确实没有，且字段允许，可使用 INSDC 缺失值术语，例如“not collected”。',
    },
    example: { refused: 'isolation_source: (empty)', accepted: 'isolation_source: nasopharyngeal swab' },
    same: { ddbj: ['BS_R0027', 'BP_R0043'] },
  },
  recommended: {
    code: 'GW1002',
    level: 'hint',
    message: { en: 'The recommended field "{field}" is empty.', zh: '推荐字段“{field}”为空。' },
    explanation: {
      en: 'Others can find and reuse the data better when this field is filled; nothing is refused without it.',
      zh: '填写该字段有助于他人检索和重用数据；不填也不会被拒绝。',
    },
    mend: { en: 'Fill it in if you know the value.', zh: '如已知该值，请填写。' },
    example: { refused: 'lat_lon: (empty)', accepted: 'lat_lon: 22.54 N 114.06 E' },
  },
  unknownField: {
    code: 'GW1003',
    level: 'hint',
    message: {
      en: 'The checklist does not know the field "{field}"; it is kept as an attribute of your own.',
      zh: '清单中没有字段“{field}”；它将作为自定义属性保留。',
    },
    explanation: {
      en: 'Attributes of your own are welcome, but no rule looks at their values.',
      zh: '允许使用自定义属性，但其取值不受任何规则检查。',
    },
    mend: { en: 'Check that no standard field says the same.', zh: '请确认没有表达同一含义的标准字段。' },
    example: { refused: 'freezer_shelf: B4', accepted: 'samp_store_loc: freezer B, shelf 4' },
    same: { ddbj: ['BP_R0064'] },
  },
  fieldSpelling: {
    code: 'GW1004',
    level: 'warning',
    message: {
      en: 'The field "{field}" looks like "{suggestion}".',
      zh: '字段“{field}”疑似应为“{suggestion}”。',
    },
    explanation: {
      en: 'A name close to a standard field is usually a slip; left as it is, the value would bypass the checks.',
      zh: '与标准字段相近的名称通常是笔误；若不更正，其取值将绕过检查。',
    },
    mend: {
      en: 'Rename the column to "{suggestion}", or keep it on purpose.',
      zh: '请将该列改名为“{suggestion}”，或确认有意保留。',
    },
    example: { refused: 'colection_date', accepted: 'collection_date' },
    same: { ddbj: ['BP_R0064'] },
  },
  fieldSynonym: {
    code: 'GW1005',
    level: 'warning',
    message: {
      en: 'The field "{field}" is another name for "{suggestion}".',
      zh: '字段“{field}”是“{suggestion}”的别名。',
    },
    explanation: {
      en: 'The value is checked as "{suggestion}"; the record keeps your name until you accept the standard one.',
      zh: '取值按“{suggestion}”检查；在您接受标准名称之前，记录保留您的写法。',
    },
    mend: { en: 'Accept the standard name.', zh: '请接受标准名称。' },
    example: { refused: 'collection date', accepted: 'collection_date' },
  },
  tooShort: {
    code: 'GW1006',
    level: 'error',
    message: {
      en: '"{field}" needs at least {minimum} characters; it has {length}.',
      zh: '“{field}”至少需要 {minimum} 个字符，当前为 {length} 个。',
    },
    explanation: {
      en: 'Very short texts in this field have turned out to say nothing.',
      zh: '该字段过短的文本通常不含有效信息。',
    },
    mend: { en: 'Write a fuller value.', zh: '请填写更完整的内容。' },
    example: { refused: 'title: x', accepted: 'title: Rice root transcriptome under drought' },
  },
  tooLong: {
    code: 'GW1007',
    level: 'error',
    message: {
      en: '"{field}" may have {maximum} characters at most; it has {length}.',
      zh: '“{field}”最多 {maximum} 个字符，当前为 {length} 个。',
    },
    explanation: {
      en: 'Longer values are cut or refused by the archives that records are exchanged with.',
      zh: '过长的内容会被交换数据的其他档案库截断或拒绝。',
    },
    mend: {
      en: 'Shorten it; long texts belong in a description or a protocol file.',
      zh: '请缩短；长文本应写入描述或实验方案文件。',
    },
    example: { refused: 'isolate: (300 characters)', accepted: 'isolate: SZ-2024-017' },
  },
  pattern: {
    code: 'GW1008',
    level: 'error',
    message: {
      en: '"{value}" does not have the form that "{field}" asks for.',
      zh: '“{value}”不符合“{field}”要求的格式。',
    },
    explanation: {
      en: 'The checklist describes this field by a pattern ({pattern}) which the whole value must match.',
      zh: '清单用模式（{pattern}）规定了该字段的格式，整个取值必须与之匹配。',
    },
    mend: { en: 'Follow the example of the field.', zh: '请参照该字段的示例填写。' },
    example: { refused: 'estimated_size: about 3 Mb', accepted: 'estimated_size: 3000000' },
    same: { ddbj: ['BS_R0090', 'BP_R0049'] },
  },
  choice: {
    code: 'GW1009',
    level: 'error',
    message: { en: '"{value}" is not one of the values of "{field}".', zh: '“{value}”不在“{field}”的可选值中。' },
    explanation: {
      en: 'The field takes a value from a controlled list, so that everyone can search for the same word.',
      zh: '该字段使用受控词表，以便所有人用同一词检索。',
    },
    mend: { en: 'Choose a value from the list of the field.', zh: '请从该字段的列表中选择。' },
    example: { refused: 'library_strategy: whole shotgun', accepted: 'library_strategy: WGS' },
    same: { ddbj: ['BS_R0002', 'BP_R0045'] },
  },
  choiceSpelling: {
    code: 'GW1010',
    level: 'warning',
    message: {
      en: '"{value}" is another spelling of "{suggestion}" in "{field}".',
      zh: '“{field}”中的“{value}”是“{suggestion}”的另一种写法。',
    },
    explanation: {
      en: 'Case, spaces and synonyms are recognised, but the list has one spelling.',
      zh: '系统能识别大小写、空格和同义词，但词表只有一种标准写法。',
    },
    mend: { en: 'Accept "{suggestion}".', zh: '请接受“{suggestion}”。' },
    example: { refused: 'instrument_model: Illumina miSeq', accepted: 'instrument_model: Illumina MiSeq' },
    same: { ddbj: ['BS_R0002'] },
  },
  openChoice: {
    code: 'GW1011',
    level: 'warning',
    message: { en: '"{value}" is not among the usual values of "{field}".', zh: '“{value}”不在“{field}”的常用值中。' },
    explanation: {
      en: 'The list of this field is open; a usual value is found more easily.',
      zh: '该字段的词表是开放的；使用常用值更易被检索。',
    },
    mend: { en: 'Use a listed value if one fits.', zh: '如有合适的列出值，请使用。' },
    example: { refused: 'tissue_state: jellied', accepted: 'tissue_state: frozen' },
  },
  several: {
    code: 'GW1012',
    level: 'error',
    message: { en: '"{field}" takes one value; there are {count}.', zh: '“{field}”只能填一个值，当前有 {count} 个。' },
    explanation: { en: 'The checklist marks the field as single.', zh: '清单规定该字段为单值。' },
    mend: { en: 'Keep one value, or describe the others elsewhere.', zh: '请只保留一个值，其余写入其他字段。' },
    example: { refused: 'sex: male | female', accepted: 'sex: pooled male and female' },
    same: { ddbj: ['BS_R0061', 'BP_R0047'] },
  },
  unitUnknown: {
    code: 'GW1013',
    level: 'error',
    message: {
      en: '"{unit}" is not a unit of "{field}" ({units}).',
      zh: '“{unit}”不是“{field}”的允许单位（{units}）。',
    },
    explanation: { en: 'Numbers can only be compared when their units are known.', zh: '只有单位明确，数值才能比较。' },
    mend: { en: 'Convert the value into one of: {units}.', zh: '请换算为以下单位之一：{units}。' },
    example: { refused: 'depth: 3 fathoms', accepted: 'depth: 5.5 m' },
  },
  unitSpelling: {
    code: 'GW1014',
    level: 'warning',
    message: {
      en: 'The unit "{unit}" of "{field}" is written "{suggestion}".',
      zh: '“{field}”的单位“{unit}”应写作“{suggestion}”。',
    },
    explanation: {
      en: 'The unit is understood, but the checklist has one spelling.',
      zh: '单位可以识别，但清单只有一种写法。',
    },
    mend: { en: 'Accept "{suggestion}".', zh: '请接受“{suggestion}”。' },
    example: { refused: 'depth unit: meters', accepted: 'depth unit: m' },
  },
  unitMissing: {
    code: 'GW1015',
    level: 'warning',
    message: { en: '"{field}" stands without a unit.', zh: '“{field}”缺少单位。' },
    explanation: { en: 'A number without a unit cannot be reused.', zh: '没有单位的数值无法重用。' },
    mend: { en: 'Give the unit; usual here: {usual}.', zh: '请注明单位；此处常用：{usual}。' },
    example: { refused: 'depth: 5.5', accepted: 'depth: 5.5, unit m' },
  },
  notNumber: {
    code: 'GW1016',
    level: 'error',
    message: { en: '"{value}" in "{field}" is not a number.', zh: '“{field}”中的“{value}”不是数字。' },
    explanation: {
      en: 'Numbers are written with a decimal point, without thousands separators and without words.',
      zh: '数字使用小数点，不加千位分隔符，不夹杂文字。',
    },
    mend: { en: 'Write a plain number.', zh: '请填写纯数字。' },
    example: { refused: 'nominal_length: ca. 350', accepted: 'nominal_length: 350' },
  },
  notInteger: {
    code: 'GW1017',
    level: 'error',
    message: { en: '"{value}" in "{field}" is not a whole number.', zh: '“{field}”中的“{value}”不是整数。' },
    explanation: { en: 'The field counts things.', zh: '该字段用于计数。' },
    mend: { en: 'Write a whole number.', zh: '请填写整数。' },
    example: { refused: 'number_of_cells: 1200.5', accepted: 'number_of_cells: 1200' },
    same: { ddbj: ['BS_R0093'] },
  },
  outOfBounds: {
    code: 'GW1018',
    level: 'error',
    message: { en: '{value} in "{field}" lies outside {bounds}.', zh: '“{field}”中的 {value} 超出范围 {bounds}。' },
    explanation: { en: 'The value cannot be what the field means.', zh: '该值不可能符合字段含义。' },
    mend: { en: 'Check the number and its unit.', zh: '请检查数值及其单位。' },
    example: { refused: 'ph: 71', accepted: 'ph: 7.1' },
    same: { ddbj: ['DRA_R0020'] },
  },
  groupMissing: {
    code: 'GW1019',
    level: 'error',
    message: { en: 'At least one of these fields is needed: {fields}.', zh: '以下字段至少填写一个：{fields}。' },
    explanation: { en: 'The checklist asks for one of the group "{group}".', zh: '清单要求“{group}”组至少填写一项。' },
    mend: { en: 'Fill one of them with a true value.', zh: '请至少在其中一个字段填写真实值。' },
    example: { refused: 'strain and isolate both empty', accepted: 'isolate: SZ-2024-017' },
    same: { ddbj: ['BS_R0036', 'BP_R0051'] },
  },
  groupSeveral: {
    code: 'GW1020',
    level: 'error',
    message: { en: 'Only one of these fields may be filled: {fields}.', zh: '以下字段只能填写一个：{fields}。' },
    explanation: { en: 'The fields of the group "{group}" exclude each other.', zh: '“{group}”组的字段互斥。' },
    mend: { en: 'Keep the one that fits best.', zh: '请只保留最合适的一个。' },
    example: { refused: 'strain: K-12; breed: Duroc', accepted: 'strain: K-12' },
  },
  condition: {
    code: 'GW1021',
    level: 'error',
    message: { en: '{error}', zh: '{error_zh}' },
    explanation: {
      en: 'The checklist ties several fields together; the condition "{condition}" does not hold.',
      zh: '清单规定了字段之间的联系；条件“{condition}”不成立。',
    },
    mend: { en: 'Compare the fields that the message names.', zh: '请核对提示中的字段。' },
    example: {
      refused: 'library_layout: PAIRED; nominal_length: (empty)',
      accepted: 'library_layout: PAIRED; nominal_length: 350',
    },
    same: { ddbj: ['BP_R0057'] },
  },
  blanks: {
    code: 'GW1022',
    level: 'warning',
    message: {
      en: '"{field}" begins or ends with blanks, or has several in a row.',
      zh: '“{field}”首尾有空白，或含有连续空白。',
    },
    explanation: {
      en: 'Such blanks are invisible and break searching and matching.',
      zh: '这类空白肉眼不可见，会影响检索和匹配。',
    },
    mend: { en: 'Accept the tidied value.', zh: '请接受整理后的值。' },
    example: { refused: 'isolate: "SZ-17 "', accepted: 'isolate: "SZ-17"' },
    same: { ddbj: ['BS_R0013'] },
  },
  control: {
    code: 'GW1023',
    level: 'error',
    message: { en: '"{field}" holds invisible control characters.', zh: '“{field}”含有不可见的控制字符。' },
    explanation: {
      en: 'They come from copying out of other programs and cannot be carried by XML.',
      zh: '它们多来自其他程序的复制，无法用 XML 传输。',
    },
    mend: { en: 'Accept the cleaned value.', zh: '请接受清理后的值。' },
    example: { refused: 'title: "Rice\\u0007"', accepted: 'title: "Rice"' },
    same: { ddbj: ['BS_R0012', 'BS_R0058'] },
  },
  tooBig: {
    code: 'GW1024',
    level: 'error',
    message: {
      en: '"{field}" has {length} characters; no field may have more than {maximum}.',
      zh: '“{field}”有 {length} 个字符；任何字段不得超过 {maximum} 个。',
    },
    explanation: {
      en: 'A limit for all fields keeps one cell from holding up everybody.',
      zh: '对所有字段设限，避免单个单元格拖慢整个系统。',
    },
    mend: { en: 'Move the text into a file of the submission.', zh: '请将文本移入提交文件。' },
    example: { refused: 'description: (2 MB of text)', accepted: 'description: see protocol.pdf' },
  },
  ontologyForm: {
    code: 'GW1025',
    level: 'error',
    message: { en: '"{value}" in "{field}" names no ontology term.', zh: '“{field}”中的“{value}”不是本体术语。' },
    explanation: {
      en: 'The field takes a label with its identifier, `label [PREFIX:number]`, or the identifier alone.',
      zh: '该字段应填写带标识符的术语：`标签 [前缀:编号]`，或仅填写标识符。',
    },
    mend: { en: 'Look the term up and add its identifier.', zh: '请查找该术语并附上标识符。' },
    example: { refused: 'env_medium: soil', accepted: 'env_medium: soil [ENVO:00001998]' },
  },
  ontologyOther: {
    code: 'GW1026',
    level: 'error',
    message: {
      en: '"{value}" in "{field}" is not a term of {ontologies}.',
      zh: '“{field}”中的“{value}”不属于 {ontologies}。',
    },
    explanation: {
      en: 'The checklist names the ontologies that this field draws from.',
      zh: '清单规定了该字段使用的本体。',
    },
    mend: { en: 'Choose a term of {ontologies}.', zh: '请从 {ontologies} 中选择术语。' },
    example: { refused: 'env_medium: blood [UBERON:0000178]', accepted: 'env_medium: soil [ENVO:00001998]' },
  },
  identifier: {
    code: 'GW1027',
    level: 'error',
    message: {
      en: '"{value}" in "{field}" is not a valid {format}.',
      zh: '“{field}”中的“{value}”不是有效的 {format}。',
    },
    explanation: { en: 'The identifier cannot be resolved in this form.', zh: '该形式的标识符无法解析。' },
    mend: { en: 'Copy the identifier from its source.', zh: '请从来源处复制标识符。' },
    example: { refused: 'publication_doi: 26036/x', accepted: 'publication_doi: 10.26036/CNP0003837' },
    same: { ddbj: ['BS_R0005', 'BS_R0011', 'BP_R0014'] },
  },
  unitInValue: {
    code: 'GW1028',
    level: 'warning',
    message: {
      en: 'The unit stands inside the value of "{field}": "{value}".',
      zh: '“{field}”的单位写在了数值里：“{value}”。',
    },
    explanation: {
      en: 'Value and unit are kept apart, so that numbers stay numbers.',
      zh: '数值与单位分开存放，以保证数值可计算。',
    },
    mend: {
      en: 'Accept the number "{suggestion}" with the unit "{unit}".',
      zh: '请接受数值“{suggestion}”，单位“{unit}”。',
    },
    example: { refused: 'depth: "5.5 m"', accepted: 'depth: 5.5, unit m' },
  },
} as const satisfies Record<string, Rule>;
