import type { Rule } from '../rule.ts';

/** Rules of intake (GW3xxx): what can be wrong with a file, a table and its cells before the fields are judged. */
export const intakeRules = {
  GW3001: {
    code: 'GW3001',
    level: 'error',
    message: { en: 'The file is larger than {limit} bytes', zh: '文件超过 {limit} 字节' },
    explanation: {
      en: 'Tables and documents have a size limit so that one file cannot exhaust the machine; data files travel another way.',
      zh: '表格与文档有大小上限，以免单个文件耗尽系统资源；数据文件走另外的传输通道。',
    },
    mend: {
      en: 'Split the table, or send the data as a data file.',
      zh: '请拆分表格；若为数据文件，请通过文件上传提交。',
    },
    example: { refused: 'a 10 GB samples.tsv', accepted: 'a 20 MB samples.tsv' },
  },
  GW3002: {
    code: 'GW3002',
    level: 'warning',
    message: { en: 'The text is not UTF-8; it was read as GB18030', zh: '文本不是 UTF-8 编码，已按 GB18030 读取' },
    explanation: {
      en: 'Excel on Chinese systems saves CSV in GB18030 (GBK). The bytes fit that encoding, but nothing in the file proves it.',
      zh: '中文系统的 Excel 默认以 GB18030（GBK）保存 CSV。文件字节符合该编码，但文件本身无法证明。',
    },
    mend: {
      en: 'Check the Chinese text in the preview; better, save as "CSV UTF-8".',
      zh: '请在预览中核对中文内容；建议另存为“CSV UTF-8”。',
    },
    example: { refused: 'a CSV saved as GBK', accepted: 'the same CSV saved as UTF-8' },
  },
  GW3003: {
    code: 'GW3003',
    level: 'error',
    message: {
      en: 'The text is not UTF-8: byte {byte} on line {line} does not belong to a character',
      zh: '文本不是 UTF-8 编码：第 {line} 行的字节 {byte} 无法识别',
    },
    explanation: {
      en: 'Text is read as UTF-8, UTF-16 with a byte-order mark, or GB18030. In any other encoding letters would be guessed.',
      zh: '文本按 UTF-8、带 BOM 的 UTF-16 或 GB18030 读取，其他编码只能猜测字符，因此拒绝。',
    },
    mend: { en: 'Save the file as UTF-8.', zh: '请将文件另存为 UTF-8 编码。' },
    example: { refused: '"Müller" saved as Latin-1', accepted: '"Müller" saved as UTF-8' },
  },
  GW3004: {
    code: 'GW3004',
    level: 'error',
    message: { en: 'Files of the kind {kind} are not read here', zh: '此处无法读取 {kind} 类型的文件' },
    explanation: {
      en: 'The content, not the name, decides how a file is read. Tables come as TSV, CSV or XLSX, records also as JSON or SRA/ENA XML.',
      zh: '读取方式由文件内容而非文件名决定。表格接受 TSV、CSV、XLSX，记录还接受 JSON 与 SRA/ENA XML。',
    },
    mend: { en: 'Save the table as .xlsx or .tsv and send that.', zh: '请另存为 .xlsx 或 .tsv 后重新提交。' },
    example: { refused: 'samples.xls (Excel 97-2003)', accepted: 'samples.xlsx' },
  },
  GW3005: {
    code: 'GW3005',
    level: 'error',
    message: { en: 'The workbook is protected by a password', zh: '工作簿设有打开密码' },
    explanation: {
      en: 'A protected workbook is encrypted as a whole and cannot be read without its password, which should not be sent.',
      zh: '设有打开密码的工作簿整体加密，没有密码无法读取，也不应传送密码。',
    },
    mend: {
      en: 'Remove the password (File > Info > Protect Workbook) and save again.',
      zh: '请在“文件 > 信息 > 保护工作簿”中取消密码后重新保存。',
    },
    example: { refused: 'an encrypted samples.xlsx', accepted: 'samples.xlsx without password' },
  },
  GW3006: {
    code: 'GW3006',
    level: 'error',
    message: { en: 'The file is broken or cut short (at {part})', zh: '文件损坏或不完整（位于 {part}）' },
    explanation: {
      en: 'The container does not hold what its directory promises; the rest of it cannot be trusted.',
      zh: '文件容器的内容与其目录不符，其余部分不可信。',
    },
    mend: { en: 'Save the workbook anew and send it again.', zh: '请重新保存工作簿后再次提交。' },
    example: { refused: 'an XLSX whose upload stopped half-way', accepted: 'the whole XLSX' },
  },
  GW3007: {
    code: 'GW3007',
    level: 'error',
    message: {
      en: 'The workbook inflates to more than is allowed (at {part})',
      zh: '工作簿解压后超出允许范围（位于 {part}）',
    },
    explanation: {
      en: 'A small file that unpacks to a huge one (a "zip bomb") is refused while it inflates, before it fills the memory.',
      zh: '体积很小而解压后极大的文件（“压缩炸弹”）在解压过程中即被拒绝，不会占满内存。',
    },
    mend: {
      en: 'Send the table as TSV, or remove unused sheets and formatting.',
      zh: '请改用 TSV 提交，或删除多余的工作表与格式。',
    },
    example: { refused: '42 KB that unpack to 4 GB', accepted: 'a 1 MB XLSX that unpacks to 9 MB' },
  },
  GW3008: {
    code: 'GW3008',
    level: 'error',
    message: { en: 'The table has more than {limit} rows', zh: '表格超过 {limit} 行' },
    explanation: {
      en: 'One table carries a bounded number of rows so that it can be checked and shown as a whole.',
      zh: '单个表格的行数有上限，以便整体检查与展示。',
    },
    mend: { en: 'Split the table into several and send them one after another.', zh: '请将表格拆分后分批提交。' },
    example: { refused: '10,000,000 rows', accepted: '100,000 rows' },
  },
  GW3009: {
    code: 'GW3009',
    level: 'error',
    message: { en: 'A cell or text is longer than {limit} characters', zh: '单元格或文本超过 {limit} 个字符' },
    explanation: {
      en: 'Often a quotation mark that is never closed swallows the rest of the file; long texts belong into a document.',
      zh: '常见原因是引号未闭合，吞掉了后面的内容；长文本应放入附件文档。',
    },
    mend: {
      en: 'Look for an unclosed quotation mark, or shorten the text.',
      zh: '请检查是否有未闭合的引号，或缩短文本。',
    },
    example: { refused: 'a cell of 1 GB', accepted: 'a description of 2,000 characters' },
  },
  GW3010: {
    code: 'GW3010',
    level: 'error',
    message: { en: 'There are more than {limit} columns', zh: '列数超过 {limit}' },
    explanation: {
      en: 'The number of columns is bounded; so many are never meant.',
      zh: '列数有上限，正常数据不会达到。',
    },
    mend: { en: 'Delete unused columns.', zh: '请删除多余的列。' },
    example: { refused: '16,384 formatted columns', accepted: '40 columns' },
  },
  GW3011: {
    code: 'GW3011',
    level: 'error',
    message: { en: 'There is no header row', zh: '没有表头行' },
    explanation: {
      en: 'The first row that is neither blank nor a comment names the columns.',
      zh: '第一个非空且非注释的行为表头，用于命名各列。',
    },
    mend: { en: 'Put the column names into the first row.', zh: '请在首行填写列名。' },
    example: { refused: 'an empty sheet', accepted: 'alias, title, taxon_id' },
  },
  GW3012: {
    code: 'GW3012',
    level: 'error',
    message: { en: 'It is not clear what kind of object this table describes', zh: '无法判断该表描述的对象类型' },
    explanation: {
      en: 'The sheet is named after its kind (project, sample, experiment, run …), or its columns tell.',
      zh: '工作表以对象类型命名（project、sample、experiment、run 等），或可由列名判断。',
    },
    mend: {
      en: 'Name the sheet or file after the kind of object, for example "sample".',
      zh: '请以对象类型命名工作表或文件，例如“sample”。',
    },
    example: { refused: 'Sheet1 with columns name, value', accepted: 'sheet "sample" with columns alias, taxon_id' },
  },
  GW3013: {
    code: 'GW3013',
    level: 'hint',
    message: { en: 'The sheet {sheet} was not read', zh: '未读取工作表 {sheet}' },
    explanation: {
      en: 'Hidden sheets and sheets that are not named after a kind of object hold lists and notes.',
      zh: '隐藏的工作表以及未以对象类型命名的工作表通常为列表或说明。',
    },
    mend: {
      en: 'Nothing to do, unless the sheet holds records: then name it after their kind and show it.',
      zh: '通常无需处理；若其中有记录，请取消隐藏并以对象类型命名。',
    },
    example: { refused: 'sheet "notes"', accepted: 'sheet "sample"' },
  },
  GW3014: {
    code: 'GW3014',
    level: 'error',
    message: { en: 'A quotation mark opened on line {line} is never closed', zh: '第 {line} 行的引号没有闭合' },
    explanation: {
      en: 'A cell that begins with a quotation mark ends with one; marks inside are doubled (RFC 4180).',
      zh: '以引号开头的单元格须以引号结尾，内部引号需双写（RFC 4180）。',
    },
    mend: { en: 'Close the quotation mark, or double the ones inside.', zh: '请闭合引号，或将内部引号双写。' },
    example: { refused: '"5 mm', accepted: '"5"" mm"' },
    source: 'RFC 4180 section 2',
  },
  GW3015: {
    code: 'GW3015',
    level: 'warning',
    message: { en: 'Text follows a closing quotation mark', zh: '闭合引号之后还有文字' },
    explanation: {
      en: 'The text was kept, but it is not clear which part was meant to be quoted.',
      zh: '文字已保留，但无法确定引号的范围。',
    },
    mend: {
      en: 'Put the whole cell into quotation marks and double those inside.',
      zh: '请将整个单元格置于引号内，并双写内部引号。',
    },
    example: { refused: '"blue" whale', accepted: '"""blue"" whale"' },
    source: 'RFC 4180 section 2',
  },
  GW3016: {
    code: 'GW3016',
    level: 'hint',
    message: { en: 'Hidden rows were read too', zh: '隐藏行也已读取' },
    explanation: {
      en: 'Rows that a filter or a person hid are part of the sheet and become records.',
      zh: '被筛选或手动隐藏的行仍属于工作表，同样会成为记录。',
    },
    mend: { en: 'Delete hidden rows that are not meant.', zh: '如不需要，请删除隐藏行。' },
    example: { refused: 'a filtered sheet', accepted: 'a sheet with all rows shown' },
  },
  GW3017: {
    code: 'GW3017',
    level: 'warning',
    message: { en: 'The text is UTF-16 with a broken pair or an odd byte at its end', zh: 'UTF-16 文本含有残缺的字符' },
    explanation: {
      en: 'A half character at the end or in the middle shows that the file was cut or changed.',
      zh: '文末或文中出现半个字符，说明文件被截断或改动。',
    },
    mend: { en: 'Save the file as UTF-8.', zh: '请将文件另存为 UTF-8 编码。' },
    example: { refused: 'a UTF-16 file of odd length', accepted: 'the same text as UTF-8' },
  },
  GW3018: {
    code: 'GW3018',
    level: 'error',
    message: { en: 'The workbook has more than {limit} sheets or parts', zh: '工作簿的工作表或部件超过 {limit} 个' },
    explanation: {
      en: 'A workbook of so many pieces is not a table of metadata.',
      zh: '如此多的部件不是正常的元数据表格。',
    },
    mend: { en: 'Keep only the sheets that hold records.', zh: '请仅保留含有记录的工作表。' },
    example: { refused: '5,000 sheets', accepted: '4 sheets' },
  },
  GW3019: {
    code: 'GW3019',
    level: 'error',
    message: {
      en: 'The file has more than {limit} findings; further ones are not listed',
      zh: '该文件的检查结果超过 {limit} 条，其余不再列出',
    },
    explanation: {
      en: 'So many findings have few causes; listing them all would help nobody and exhaust the machine.',
      zh: '如此多的结果通常源于少数原因；全部列出并无帮助，还会耗尽系统资源。',
    },
    mend: { en: 'Mend what the first findings name and check again.', zh: '请先修正前面列出的问题，再重新检查。' },
    example: { refused: 'a non-breaking space in each of 500,000 cells', accepted: 'a few findings' },
  },
  GW3020: {
    code: 'GW3020',
    level: 'error',
    message: { en: 'The column {column} stands twice', zh: '列 {column} 重复' },
    explanation: {
      en: 'Two columns of one name leave it open which value holds; the first one was read.',
      zh: '同名的两列无法确定以哪个值为准；已读取第一列。',
    },
    mend: {
      en: 'Remove or rename one of them; several values of one field go into name[1], name[2].',
      zh: '请删除或重命名其中一列；同一字段的多个值可写为 name[1]、name[2]。',
    },
    example: { refused: 'strain, host, strain', accepted: 'strain, host' },
  },
  GW3021: {
    code: 'GW3021',
    level: 'error',
    message: { en: 'There are values in a column without a header', zh: '无表头的列中存在值' },
    explanation: {
      en: 'A value without a column name belongs to no field and would be lost.',
      zh: '没有列名的值不属于任何字段，会丢失。',
    },
    mend: {
      en: 'Name the column, or clear the cell; often a separator inside a value shifts the row.',
      zh: '请填写列名或清空该单元格；常见原因是值中含有分隔符导致错列。',
    },
    example: { refused: 'a value to the right of the last header', accepted: 'every value below a header' },
  },
  GW3022: {
    code: 'GW3022',
    level: 'hint',
    message: { en: 'The header {column} was read as {read}', zh: '表头 {column} 已读作 {read}' },
    explanation: {
      en: 'Headers may be written in Chinese, with other capitals or spaces, with * for mandatory and with a unit in brackets.',
      zh: '表头可用中文书写，可有不同的大小写或空格、表示必填的 * 以及括号中的单位。',
    },
    mend: {
      en: 'Nothing to do if the meaning is right; otherwise use the name of the field.',
      zh: '若含义正确则无需处理，否则请使用字段名。',
    },
    example: { refused: '*样本名称', accepted: 'alias' },
  },
  GW3023: {
    code: 'GW3023',
    level: 'hint',
    message: { en: 'Lines that begin with # were skipped as comments', zh: '以 # 开头的行已作为注释跳过' },
    explanation: { en: 'Templates carry explanations in such lines.', zh: '模板常用此类行书写说明。' },
    mend: { en: "Write '# in front when a value truly begins with #.", zh: "若值确以 # 开头，请写作 '#。" },
    example: { refused: '# fill in below', accepted: 'S1' },
  },
  GW3024: {
    code: 'GW3024',
    level: 'warning',
    message: { en: 'The header row stands again inside the data and was skipped', zh: '数据中重复出现表头行，已跳过' },
    explanation: { en: 'It comes from tables pasted below each other.', zh: '通常是将多个表格上下拼接所致。' },
    mend: { en: 'Delete the repeated row.', zh: '请删除重复的表头行。' },
    example: { refused: 'alias, title in row 57', accepted: 'one header row' },
  },
  GW3025: {
    code: 'GW3025',
    level: 'hint',
    message: { en: 'Blank rows inside the data were skipped', zh: '数据中的空行已跳过' },
    explanation: {
      en: 'A blank row is no record. Blank rows and columns at the end are not reported.',
      zh: '空行不是记录。末尾的空行与空列不作提示。',
    },
    mend: { en: 'Nothing to do, unless rows were lost there.', zh: '通常无需处理，除非此处丢失了数据。' },
    example: { refused: 'row 5 blank between data', accepted: 'no blank rows' },
  },
  GW3026: {
    code: 'GW3026',
    level: 'hint',
    message: { en: 'A row of explanations was skipped', zh: '说明行已跳过' },
    explanation: {
      en: 'ENA templates explain each column below the header, "(Mandatory) …"; many sheets carry a caption in one cell above it.',
      zh: 'ENA 模板在表头下方说明各列，如“(Mandatory) …”；许多表格在表头上方的单个单元格中写有标题。',
    },
    mend: { en: 'Nothing to do.', zh: '无需处理。' },
    example: { refused: '(Mandatory) Unique identifier', accepted: 'S1' },
  },
  GW3030: {
    code: 'GW3030',
    level: 'warning',
    message: { en: '{value} is an Excel date; it was read as {read}', zh: '{value} 是 Excel 日期，已读作 {read}' },
    explanation: {
      en: 'Excel keeps a date as a number of days. Day, month and precision are right only if Excel understood the entry as it was meant.',
      zh: 'Excel 以天数保存日期。仅当 Excel 正确理解了输入时，日、月与精度才可靠。',
    },
    mend: {
      en: 'Format the column as text and write dates as 2024-03-01.',
      zh: '请将该列设为文本格式，并按 2024-03-01 书写日期。',
    },
    example: { refused: 'a date cell 45352', accepted: 'text 2024-03-01' },
  },
  GW3031: {
    code: 'GW3031',
    level: 'error',
    message: { en: '{value} looks like the serial number of an Excel date', zh: '{value} 疑似 Excel 日期序列号' },
    explanation: {
      en: 'A date cell was pasted or exported without its format; only the number of days since 1900 is left.',
      zh: '日期单元格在粘贴或导出时丢失格式，仅剩自 1900 年起的天数。',
    },
    mend: { en: 'Write the date as {suggestion}, after checking it.', zh: '请核对后将日期写为 {suggestion}。' },
    example: { refused: '45352', accepted: '2024-03-01' },
  },
  GW3032: {
    code: 'GW3032',
    level: 'warning',
    message: {
      en: 'Excel holds a date ({read}) in a column that expects none',
      zh: '该列不应为日期，但 Excel 中保存为日期（{read}）',
    },
    explanation: {
      en: 'Excel turns entries such as SEPT2, 1-2 or 3/4 into dates; the text that was typed is gone.',
      zh: 'Excel 会把 SEPT2、1-2、3/4 之类的输入变成日期，原文已丢失。',
    },
    mend: { en: 'Format the column as text and type the value again.', zh: '请将该列设为文本格式并重新输入。' },
    example: { refused: 'SEPT2 stored as 2-Sep', accepted: 'text SEPT2' },
  },
  GW3033: {
    code: 'GW3033',
    level: 'warning',
    message: { en: '{value} seems to have lost its leading zeros', zh: '{value} 疑似丢失前导零' },
    explanation: {
      en: 'Other values of the column have leading zeros and one width; a spreadsheet drops such zeros from numbers.',
      zh: '该列其他值带有前导零且宽度一致；电子表格会去掉数字的前导零。',
    },
    mend: { en: 'Write {suggestion} in a cell formatted as text.', zh: '请在文本格式的单元格中写作 {suggestion}。' },
    example: { refused: '7 beside 0012 and 0153', accepted: '0007' },
  },
  GW3034: {
    code: 'GW3034',
    level: 'warning',
    message: {
      en: '{value} and the rows below count up by one, to {last}: filled by dragging',
      zh: '{value} 及以下各行逐一递增至 {last}：疑似拖动填充所致',
    },
    explanation: {
      en: 'This column repeats one value in most tables. Dragging a cell down makes Excel count: PRJNA1, PRJNA2, PRJNA3.',
      zh: '该列在多数表格中应重复同一值。向下拖动单元格会使 Excel 自动递增：PRJNA1、PRJNA2、PRJNA3。',
    },
    mend: {
      en: 'If one value was meant, write {suggestion} in every row (drag with Ctrl held).',
      zh: '若应为同一值，请在各行填写 {suggestion}（按住 Ctrl 拖动）。',
    },
    example: { refused: 'GWP0000001, GWP0000002, GWP0000003', accepted: 'GWP0000001, GWP0000001, GWP0000001' },
    same: { ddbj: ['BS_R0069'] },
  },
  GW3035: {
    code: 'GW3035',
    level: 'warning',
    message: {
      en: 'The value comes from a formula; the result that Excel stored was read',
      zh: '该值来自公式，已读取 Excel 保存的结果',
    },
    explanation: {
      en: 'The stored result may be older than the cells it was made from.',
      zh: '保存的结果可能早于其引用的单元格。',
    },
    mend: { en: 'Copy the column and paste it as values.', zh: '请复制该列并以“值”粘贴。' },
    example: { refused: '=A2&"_1"', accepted: 'S1_1' },
  },
  GW3036: {
    code: 'GW3036',
    level: 'error',
    message: { en: 'The cell holds the error {value}', zh: '单元格含有错误值 {value}' },
    explanation: { en: 'A formula failed, so there is no value.', zh: '公式计算失败，没有可用的值。' },
    mend: { en: 'Mend the formula and paste its result as a value.', zh: '请修正公式并以“值”粘贴结果。' },
    example: { refused: '#REF!', accepted: 'S1' },
  },
  GW3037: {
    code: 'GW3037',
    level: 'warning',
    message: {
      en: 'The cells {value} are merged; only the first of them has the value',
      zh: '单元格 {value} 已合并，仅第一个单元格有值',
    },
    explanation: {
      en: 'A merged cell looks as if it spoke for all rows, but the others are empty.',
      zh: '合并单元格看似对各行有效，实际其余单元格为空。',
    },
    mend: { en: 'Unmerge the cells and write the value into each row.', zh: '请取消合并并在每一行填写该值。' },
    example: { refused: 'A2:A5 merged', accepted: 'the value in A2, A3, A4 and A5' },
  },
  GW3038: {
    code: 'GW3038',
    level: 'warning',
    message: {
      en: 'Excel keeps 15 digits; {value} may not be the number that was typed',
      zh: 'Excel 仅保留 15 位数字，{value} 可能与输入不一致',
    },
    explanation: {
      en: 'Longer numbers are rounded, and large ones are shown as 1.2E+17.',
      zh: '更长的数字会被舍入，大数会显示为 1.2E+17。',
    },
    mend: { en: 'Format the column as text and type the number again.', zh: '请将该列设为文本格式并重新输入。' },
    example: { refused: '123456789012345680', accepted: 'text 123456789012345678' },
  },
  GW3040: {
    code: 'GW3040',
    level: 'warning',
    message: {
      en: 'The value contains spaces that are not plain (non-breaking or of no width)',
      zh: '值中含有特殊空格（不间断空格或零宽字符）',
    },
    explanation: {
      en: 'They come with text copied from web pages and documents, look like nothing, and make equal names differ.',
      zh: '常随网页或文档的复制带入，肉眼不可见，却使相同的名称不相等。',
    },
    mend: { en: 'Use {suggestion}.', zh: '请改为 {suggestion}。' },
    example: { refused: 'Homo\\u00a0sapiens', accepted: 'Homo sapiens' },
  },
  GW3041: {
    code: 'GW3041',
    level: 'warning',
    message: { en: 'The value contains full-width characters', zh: '值中含有全角字符' },
    explanation: {
      en: 'Full-width letters, digits and signs from a Chinese input method look alike but are other characters.',
      zh: '中文输入法产生的全角字母、数字与符号外形相近，但属于不同字符。',
    },
    mend: { en: 'Use {suggestion}.', zh: '请改为 {suggestion}。' },
    example: { refused: '２０２４－０３－０１', accepted: '2024-03-01' },
  },
  GW3042: {
    code: 'GW3042',
    level: 'error',
    message: { en: 'The value contains control characters', zh: '值中含有控制字符' },
    explanation: {
      en: 'Control characters cannot be shown and cannot be written into XML.',
      zh: '控制字符无法显示，也无法写入 XML。',
    },
    mend: { en: 'Remove them.', zh: '请将其删除。' },
    example: { refused: 'S1\\u0007', accepted: 'S1' },
    source: 'XML 1.0 section 2.2',
  },
  GW3043: {
    code: 'GW3043',
    level: 'warning',
    message: { en: 'The value begins or ends with spaces', zh: '值的首尾有空格' },
    explanation: { en: 'A space at the edge makes equal names differ.', zh: '首尾空格会使相同的名称不相等。' },
    mend: { en: 'Use {suggestion}.', zh: '请改为 {suggestion}。' },
    example: { refused: '"S1 "', accepted: '"S1"' },
  },
  GW3044: {
    code: 'GW3044',
    level: 'hint',
    message: { en: '{value} was read as an empty cell', zh: '{value} 已按空单元格读取' },
    explanation: {
      en: 'ENA tables written by scripts carry None where a cell is empty, and an insert size of 0 for single reads.',
      zh: '由脚本生成的 ENA 表格在空单元格处会写入 None，单端数据的插入片段长度会写为 0。',
    },
    mend: { en: 'Leave the cell empty.', zh: '请将该单元格留空。' },
    example: { refused: 'None', accepted: '(empty)' },
  },
  GW3050: {
    code: 'GW3050',
    level: 'error',
    message: { en: 'The row has no alias', zh: '该行没有别名（alias）' },
    explanation: {
      en: 'The alias names an object within your submissions, so that other rows can refer to it and it can be sent again.',
      zh: '别名在您的提交中标识对象，供其他行引用，也便于重复提交。',
    },
    mend: { en: 'Give every row an alias of your own choice.', zh: '请为每一行填写自定的别名。' },
    example: { refused: 'alias empty', accepted: 'alias S1' },
  },
  GW3051: {
    code: 'GW3051',
    level: 'error',
    message: { en: 'The rows of {alias} do not stand together', zh: '{alias} 的各行不相邻' },
    explanation: {
      en: 'An object with several files has one row for each file, one below the other.',
      zh: '含多个文件的对象每个文件一行，且须上下相邻。',
    },
    mend: { en: 'Sort the table by alias.', zh: '请按别名排序。' },
    example: { refused: 'R1, R2, R1', accepted: 'R1, R1, R2' },
  },
  GW3052: {
    code: 'GW3052',
    level: 'error',
    message: {
      en: 'The rows of {alias} disagree about {column}: {first} and {value}',
      zh: '{alias} 的各行在 {column} 上不一致：{first} 与 {value}',
    },
    explanation: {
      en: 'Rows of one object repeat what is said about it and differ only in the file.',
      zh: '同一对象的各行应重复相同的描述，仅文件不同。',
    },
    mend: {
      en: 'Write the same value in each of its rows, or only in the first.',
      zh: '请在各行填写相同的值，或仅在首行填写。',
    },
    example: { refused: 'title A and title B of one run', accepted: 'title A twice' },
  },
  GW3053: {
    code: 'GW3053',
    level: 'error',
    message: { en: 'The row describes a file but does not name it', zh: '该行描述了文件但没有文件名' },
    explanation: {
      en: 'Checksum, format and read type belong to a file, which is known by its name.',
      zh: '校验和、格式与读段类型均属于文件，而文件以名称识别。',
    },
    mend: { en: 'Fill in file_name.', zh: '请填写 file_name。' },
    example: { refused: 'file_name empty, md5 given', accepted: 'file_name reads_1.fastq.gz, md5 given' },
  },
  GW3054: {
    code: 'GW3054',
    level: 'error',
    message: { en: 'The list of names is not closed: {value}', zh: '名称列表的引号没有闭合：{value}' },
    explanation: {
      en: 'Several names are separated by ; and a name that contains ; stands in quotation marks.',
      zh: '多个名称以 ; 分隔，含 ; 的名称须置于引号内。',
    },
    mend: { en: 'Close the quotation mark.', zh: '请闭合引号。' },
    example: { refused: '"a;b', accepted: '"a;b";c' },
  },
  GW3055: {
    code: 'GW3055',
    level: 'error',
    message: { en: '{value} is no known action', zh: '{value} 不是已知的操作' },
    explanation: {
      en: 'The column status (or action) says what to do with the row: add, modify, release, cancel, hold, suppress, or nothing.',
      zh: 'status（或 action）列说明对该行的操作：add、modify、release、cancel、hold、suppress，或留空。',
    },
    mend: { en: 'Use one of these words or leave the cell empty.', zh: '请使用上述词语之一，或留空。' },
    example: { refused: 'status: renew', accepted: 'status: modify' },
  },
  GW3056: {
    code: 'GW3056',
    level: 'hint',
    message: {
      en: 'The row says {value}: it was sent before and is read for reference only',
      zh: '该行标记为 {value}：此前已提交，仅作参考读取',
    },
    explanation: {
      en: 'ena-upload-cli writes added, modified, released or cancelled into rows that ENA has taken.',
      zh: 'ena-upload-cli 会在 ENA 已接收的行中写入 added、modified、released 或 cancelled。',
    },
    mend: { en: 'Clear the cell to submit the row here.', zh: '若需在此提交该行，请清空此单元格。' },
    example: { refused: 'status: added', accepted: 'status: add' },
  },
  GW3057: {
    code: 'GW3057',
    level: 'hint',
    message: { en: 'No checklist is named; {read} was taken', zh: '未指明清单，已采用 {read}' },
    explanation: {
      en: 'ENA tables do not name their checklist; ENA takes ERC000011 unless told otherwise.',
      zh: 'ENA 表格不写明清单；除非另行指定，ENA 采用 ERC000011。',
    },
    mend: { en: 'Add a column checklist to choose another.', zh: '如需其他清单，请增加 checklist 列。' },
    example: { refused: 'an ENA sample table', accepted: 'a column checklist with ERC000033' },
  },
  GW3060: {
    code: 'GW3060',
    level: 'error',
    message: { en: '{value} is not a safe file name', zh: '{value} 不是安全的文件名' },
    explanation: {
      en: 'A file name is a plain name that every system can store: no folders (/ \\ ..), no control or reserved characters, no leading dot, hyphen or space, no device name such as CON, at most 255 bytes.',
      zh: '文件名应为各操作系统均可保存的普通名称：不含目录（/ \\ ..）、控制字符或保留字符，不以点、连字符或空格开头，不使用 CON 等设备名，最长 255 字节。',
    },
    mend: {
      en: 'Rename the file with letters, digits, dot, underscore and hyphen.',
      zh: '请使用字母、数字、点、下划线与连字符重新命名文件。',
    },
    example: { refused: '../../etc/passwd', accepted: 'reads_1.fastq.gz' },
  },
  GW3070: {
    code: 'GW3070',
    level: 'error',
    message: { en: 'The document type declaration is refused', zh: '拒绝文档类型声明（DOCTYPE）' },
    explanation: {
      en: 'DTDs allow entities that expand without bound or fetch other files. SRA and ENA documents need none.',
      zh: 'DTD 可定义无限展开或读取外部文件的实体，SRA/ENA 文档不需要 DTD。',
    },
    mend: { en: 'Remove the <!DOCTYPE …> declaration.', zh: '请删除 <!DOCTYPE …> 声明。' },
    example: { refused: '<!DOCTYPE x [<!ENTITY a "aa">]>', accepted: '<SAMPLE_SET>' },
    source: 'OWASP XML External Entity Prevention',
  },
  GW3071: {
    code: 'GW3071',
    level: 'error',
    message: { en: 'The XML is not well-formed: {reason}', zh: 'XML 格式不正确：{reason}' },
    explanation: {
      en: 'Reading stops at the place named; what stood before it was read.',
      zh: '读取在所示位置停止，此前的内容已读取。',
    },
    mend: { en: 'Mend the document at this line.', zh: '请修正该行。' },
    example: { refused: '<SAMPLE></SAMPEL>', accepted: '<SAMPLE></SAMPLE>' },
    source: 'XML 1.0 section 2.1',
  },
  GW3072: {
    code: 'GW3072',
    level: 'error',
    message: {
      en: 'The document nests or repeats elements beyond the limit of {limit}',
      zh: '文档的嵌套或元素数量超过上限 {limit}',
    },
    explanation: { en: 'No real record is that deep or that large.', zh: '正常的记录不会如此深或如此大。' },
    mend: { en: 'Check how the document was generated.', zh: '请检查文档的生成方式。' },
    example: { refused: '1,000,000 nested elements', accepted: 'SAMPLE_SET/SAMPLE/TITLE' },
  },
  GW3073: {
    code: 'GW3073',
    level: 'error',
    message: { en: 'The element {value} is not one that is read here', zh: '此处不读取元素 {value}' },
    explanation: {
      en: 'Read are PROJECT, STUDY, SAMPLE, EXPERIMENT, RUN, ANALYSIS and SUBMISSION, alone or in their sets.',
      zh: '可读取 PROJECT、STUDY、SAMPLE、EXPERIMENT、RUN、ANALYSIS 与 SUBMISSION 及其集合。',
    },
    mend: { en: 'Send a document of one of these.', zh: '请提交上述类型的文档。' },
    example: { refused: '<html>', accepted: '<SAMPLE_SET>' },
  },
  GW3074: {
    code: 'GW3074',
    level: 'warning',
    message: { en: '{value} has no place in a record and was not read', zh: '{value} 在记录中没有对应项，未读取' },
    explanation: {
      en: 'The archive does not keep this part of the document, so it would be lost.',
      zh: '归档库不保存文档的这一部分，因此会丢失。',
    },
    mend: { en: 'Put what matters into an attribute.', zh: '请将重要内容写入属性。' },
    example: { refused: 'SPOT_DESCRIPTOR', accepted: 'RUN_ATTRIBUTE' },
  },
  GW3075: {
    code: 'GW3075',
    level: 'error',
    message: { en: '{value} has neither alias nor accession', zh: '{value} 既无别名也无编号' },
    explanation: {
      en: 'An object is known by the alias its submitter gave it, or by its accession.',
      zh: '对象以提交者给出的别名或编号识别。',
    },
    mend: { en: 'Add the attribute alias.', zh: '请添加 alias 属性。' },
    example: { refused: '<SAMPLE>', accepted: '<SAMPLE alias="S1">' },
  },
  GW3080: {
    code: 'GW3080',
    level: 'error',
    message: { en: 'The JSON cannot be read: {reason}', zh: 'JSON 无法读取：{reason}' },
    explanation: {
      en: 'The document is an array of records, an object with "records", or one record on each line.',
      zh: '文档应为记录数组、含 “records” 的对象，或每行一条记录。',
    },
    mend: { en: 'Mend the document at this place.', zh: '请修正所示位置。' },
    example: { refused: '[{"type": "sample",}]', accepted: '[{"type": "sample", "alias": "S1"}]' },
    source: 'RFC 8259',
  },
  GW3081: {
    code: 'GW3081',
    level: 'error',
    message: { en: '{column} must be {expected}', zh: '{column} 应为{expected}' },
    explanation: { en: 'A record has the form of the published JSON Schema.', zh: '记录须符合公布的 JSON Schema。' },
    mend: { en: 'Give the value the form that the schema names.', zh: '请按 Schema 的要求填写该值。' },
    example: { refused: '"alias": 7', accepted: '"alias": "7"' },
  },
  GW3082: {
    code: 'GW3082',
    level: 'error',
    message: { en: '{column} is not part of a record', zh: '{column} 不属于记录' },
    explanation: {
      en: 'A key that is not known would be lost; free fields stand in "attributes".',
      zh: '未知的键会丢失；自定义字段请写入 “attributes”。',
    },
    mend: { en: 'Check the spelling, or move it into "attributes".', zh: '请检查拼写，或移入 “attributes”。' },
    example: { refused: '"aliass": "S1"', accepted: '"alias": "S1"' },
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** Codes that intake may give. */
export type IntakeCode = keyof typeof intakeRules;

/** The rules of intake as a part of the installation's catalogue. */
export const intakeCatalogue: readonly Rule[] = Object.values(intakeRules);
