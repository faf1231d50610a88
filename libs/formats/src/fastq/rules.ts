import { rule } from '../rule.ts';

const cock = 'Cock et al. 2010, doi:10.1093/nar/gkp1137';
const ena = 'ENA FASTQ submission format';

/** What may be wrong inside a FASTQ file, and between the files of one run. */
export const fastqRules = {
  noName: rule('GW5101', 'error', {
    message: ['Line {line} should start a record with “@”.', '第 {line} 行应以“@”开始一条记录。'],
    explanation: [
      'A FASTQ record is four lines: @name, bases, +, qualities. Here something else stands where a name should. Checking stopped at this line, because everything after it would be misread.',
      'FASTQ 记录由四行组成：@名称、碱基、+、质量值。此处本应是名称行却是其他内容。由于其后的内容都会被误读，检查在此行停止。',
    ],
    mend: [
      'Look at this line and the one before it; most often a line is missing or the file is FASTA. Export the reads again as FASTQ.',
      '请查看此行及上一行；常见原因是缺行，或文件实为 FASTA。请重新导出为 FASTQ。',
    ],
    refused: '>read1\\nACGT',
    accepted: '@read1\\nACGT\\n+\\nIIII',
    source: cock,
  }),
  noPlus: rule('GW5102', 'error', {
    message: ['Line {line} should start with “+”.', '第 {line} 行应以“+”开头。'],
    explanation: [
      'The third line of a record starts with “+”. Checking stopped at this line.',
      '每条记录的第三行以“+”开头。检查在此行停止。',
    ],
    mend: ['Export the reads again; each record must have exactly four lines.', '请重新导出；每条记录必须恰好四行。'],
    refused: '@read1\\nACGT\\nIIII\\n+',
    accepted: '@read1\\nACGT\\n+\\nIIII',
    source: cock,
  }),
  multiLine: rule('GW5103', 'error', {
    message: ['The sequence goes on over several lines at line {line}.', '第 {line} 行：序列跨越多行。'],
    explanation: [
      'Multi-line FASTQ is allowed by the first description of the format, but archives and most programs read four lines a record only, because “@” and “+” are quality characters too.',
      '最早的格式说明允许多行 FASTQ，但由于“@”和“+”也是质量字符，数据库和多数程序只接受每条记录四行。',
    ],
    mend: [
      'Write each sequence on one line, for example with `seqtk seq -l0 in.fq > out.fq`.',
      '请将每条序列写在同一行，例如 `seqtk seq -l0 in.fq > out.fq`。',
    ],
    refused: '@read1\\nACGT\\nACGT\\n+\\nIIII\\nIIII',
    accepted: '@read1\\nACGTACGT\\n+\\nIIIIIIII',
    source: cock,
  }),
  truncated: rule('GW5104', 'error', {
    message: ['The file ends inside record {record}.', '文件在第 {record} 条记录中途结束。'],
    explanation: [
      'The last record has fewer than four lines: the end of the file is missing.',
      '最后一条记录不足四行，说明文件末尾缺失。',
    ],
    mend: [
      'Compare with the original and send the whole file, or export it again.',
      '请与原文件比对后上传完整文件，或重新导出。',
    ],
    refused: '@read1\\nACGT\\n+',
    accepted: '@read1\\nACGT\\n+\\nIIII',
    source: cock,
  }),
  tooLong: rule('GW5105', 'error', {
    message: ['Record {record} is longer than {limit} bytes.', '第 {record} 条记录超过 {limit} 字节。'],
    explanation: [
      'No sequencer makes reads that long; most likely line ends are missing.',
      '没有测序仪会产生如此长的读段；很可能是缺少换行符。',
    ],
    mend: [
      'Check the line ends of the file; old Macintosh files use CR alone.',
      '请检查换行符；旧版 Macintosh 文件只用 CR 换行。',
    ],
    refused: 'a file of a gigabyte without a line feed',
    accepted: '@read1\\nACGT\\n+\\nIIII',
  }),
  noReads: rule('GW5106', 'error', {
    message: ['The file holds no reads.', '文件中没有读段。'],
    explanation: ['A run needs at least one read.', '每个 run 至少需要一条读段。'],
    mend: ['Send the file that holds the reads.', '请上传包含读段的文件。'],
    refused: '\\n\\n',
    accepted: '@read1\\nACGT\\n+\\nIIII',
    source: ena,
  }),
  blankName: rule('GW5107', 'error', {
    message: ['The read in line {line} has no name.', '第 {line} 行的读段没有名称。'],
    explanation: ['Every read needs a name right after “@”.', '“@”之后必须紧跟读段名称。'],
    mend: ['Export the reads again with their names.', '请重新导出并保留读段名称。'],
    refused: '@\\nACGT\\n+\\nIIII',
    accepted: '@read1\\nACGT\\n+\\nIIII',
    source: ena,
  }),
  longName: rule('GW5108', 'error', {
    message: [
      'The read name has {length} characters, more than {limit}.',
      '读段名称有 {length} 个字符，超过上限 {limit}。',
    ],
    explanation: [
      'Archives take names of at most 256 characters, counted up to the first blank.',
      '数据库接受的名称最长 256 个字符（计至第一个空白为止）。',
    ],
    mend: ['Shorten the names, or put a blank before the description.', '请缩短名称，或在描述前加空格。'],
    refused: '@ followed by 300 letters',
    accepted: '@instrument:1:flowcell:1:1101:1000:2000',
    source: ena,
  }),
  emptySequence: rule('GW5109', 'error', {
    message: ['The read in line {line} has no bases.', '第 {line} 行的读段没有碱基。'],
    explanation: [
      'Trimming sometimes leaves reads without a base. Archives refuse them.',
      '修剪后有时会留下没有碱基的读段，数据库不接受。',
    ],
    mend: [
      'Remove empty reads, from all mates alike, for example with `seqkit seq -m 1`.',
      '请删除空读段（各配对文件同步删除），例如 `seqkit seq -m 1`。',
    ],
    refused: '@read1\\n\\n+\\n',
    accepted: '@read1\\nA\\n+\\nI',
    source: ena,
  }),
  lengths: rule('GW5110', 'error', {
    message: ['{bases} bases but {qualities} qualities.', '碱基 {bases} 个，质量值 {qualities} 个。'],
    explanation: ['Each base has exactly one quality character.', '每个碱基必须恰好对应一个质量字符。'],
    mend: ['Export the reads again; do not edit FASTQ by hand.', '请重新导出；不要手工编辑 FASTQ。'],
    refused: '@read1\\nACGT\\n+\\nIII',
    accepted: '@read1\\nACGT\\n+\\nIIII',
    source: cock,
  }),
  base: rule('GW5111', 'error', {
    message: ['“{character}” is no base.', '“{character}”不是有效碱基。'],
    explanation: [
      'Bases are the IUPAC letters ACGTURYSWKMBDHVN in either case, “.” and “-”.',
      '碱基只能是 IUPAC 字母 ACGTURYSWKMBDHVN（大小写均可）以及“.”和“-”。',
    ],
    mend: ['Check that the file holds nucleotide reads and was not damaged.', '请确认文件为核酸读段且未损坏。'],
    refused: '@read1\\nACXT\\n+\\nIIII',
    accepted: '@read1\\nACNT\\n+\\nIIII',
    source: ena,
  }),
  quality: rule('GW5112', 'error', {
    message: ['“{character}” is no quality character.', '“{character}”不是有效的质量字符。'],
    explanation: ['Qualities are written as the characters “!” to “~”.', '质量值用“!”到“~”之间的字符表示。'],
    mend: ['Export the reads again in the Sanger encoding (Phred+33).', '请以 Sanger 编码（Phred+33）重新导出。'],
    refused: '@read1\\nACGT\\n+\\nII I',
    accepted: '@read1\\nACGT\\n+\\nII!I',
    source: cock,
  }),
  ambiguous: rule('GW5113', 'error', {
    message: ['{percent} % of the bases are not A, U, T, C or G.', '{percent}% 的碱基不是 A、U、T、C 或 G。'],
    explanation: [
      'More than half of the bases are unknown or ambiguous: the run failed, or the file is not nucleotide reads.',
      '超过一半的碱基未知或不明确：测序可能失败，或文件并非核酸读段。',
    ],
    mend: [
      'Send reads that were called, or filter out the failed ones.',
      '请上传已成功识别碱基的读段，或过滤失败读段。',
    ],
    refused: '@read1\\nNNNA\\n+\\n!!!I',
    accepted: '@read1\\nNAAA\\n+\\n!III',
    source: ena,
  }),
  plusName: rule('GW5114', 'warning', {
    message: [
      'The name after “+” in line {line} differs from the name of the read.',
      '第 {line} 行“+”后的名称与读段名称不同。',
    ],
    explanation: [
      'The name may be repeated after “+”; when it is, it has to be the same. A different one hints at lost lines.',
      '“+”之后可以重复名称，但必须一致；不一致往往意味着丢行。',
    ],
    mend: ['Leave the line at “+” alone, or export the reads again.', '请只保留“+”，或重新导出。'],
    refused: '@read1\\nACGT\\n+read2\\nIIII',
    accepted: '@read1\\nACGT\\n+\\nIIII',
    source: cock,
  }),
  blankLine: rule('GW5115', 'error', {
    message: ['Line {line} is blank between records.', '第 {line} 行：记录之间有空行。'],
    explanation: [
      'Blank lines between records shift the lines for programs that count to four.',
      '记录之间的空行会使按四行计数的程序错位。',
    ],
    mend: ['Remove the blank lines.', '请删除空行。'],
    refused: '@r1\\nA\\n+\\nI\\n\\n@r2\\nA\\n+\\nI',
    accepted: '@r1\\nA\\n+\\nI\\n@r2\\nA\\n+\\nI',
    source: cock,
  }),
  blankEnd: rule('GW5116', 'warning', {
    message: ['The file ends with blank lines from line {line} on.', '文件从第 {line} 行起以空行结尾。'],
    explanation: [
      'Most programs pass over blank lines at the end, some do not.',
      '多数程序会忽略末尾空行，但并非全部。',
    ],
    mend: ['Remove the blank lines at the end.', '请删除末尾空行。'],
    refused: '@r1\\nA\\n+\\nI\\n\\n',
    accepted: '@r1\\nA\\n+\\nI\\n',
  }),
  crlf: rule('GW5117', 'warning', {
    message: ['{count} records end their lines with CR LF.', '{count} 条记录使用 CR LF 换行。'],
    explanation: [
      'The file went through Windows. The check read it as if the CR were not there; other programs may take it for a base.',
      '文件曾在 Windows 中处理过。本检查已忽略 CR，但其他程序可能将其误认为碱基。',
    ],
    mend: ['Convert it with `dos2unix` or transfer it in binary mode.', '请用 `dos2unix` 转换，或以二进制模式传输。'],
    refused: '@r1\\r\\nA\\r\\n+\\r\\nI\\r\\n',
    accepted: '@r1\\nA\\n+\\nI\\n',
  }),
  oldQuality: rule('GW5118', 'hint', {
    message: ['The qualities look like {encoding}.', '质量值编码疑似 {encoding}。'],
    explanation: [
      'All qualities lie in the range of the old Illumina or Solexa encoding. They are kept as they are and read with that offset.',
      '所有质量值都落在旧版 Illumina 或 Solexa 编码范围内。文件将按原样保存，并按该偏移解读。',
    ],
    mend: [
      'If the reads are modern, ignore this; otherwise convert them, for example with `seqtk seq -Q64 -V`.',
      '若为新近数据可忽略；否则请转换，例如 `seqtk seq -Q64 -V`。',
    ],
    refused: '@r1\\nACGT\\n+\\nhhhB',
    accepted: '@r1\\nACGT\\n+\\nII5#',
    source: cock,
  }),
  casava: rule('GW5119', 'error', {
    message: [
      'The name does not follow Casava 1.8 as the first read does.',
      '读段名称不符合首条读段所用的 Casava 1.8 格式。',
    ],
    explanation: [
      'The first name has the form “identifier 1:N:0:INDEX”. Then every name must have it, or mates cannot be told.',
      '首条名称为“标识 1:N:0:INDEX”形式，其后每条都必须如此，否则无法识别配对。',
    ],
    mend: ['Do not mix reads of different origin in one file.', '请勿在同一文件中混合不同来源的读段。'],
    refused: '@a:1:1:1:1:1:1 1:N:0:\\n…\\n@read2\\n…',
    accepted: '@a:1:1:1:1:1:1 1:N:0:\\n…\\n@a:1:1:1:1:1:2 1:N:0:\\n…',
    source: ena,
  }),
  duplicate: rule('GW5120', 'error', {
    message: [
      'The read name stands in records {earlier} and {record}.',
      '读段名称同时出现在第 {earlier} 和第 {record} 条记录中。',
    ],
    explanation: [
      'Within a file a read name may occur once. Repeats come from files joined twice, or from mates under one name.',
      '同一文件中读段名称只能出现一次。重复通常源于文件被重复合并，或配对读段使用了相同名称。',
    ],
    mend: [
      'Remove the repeated reads (`seqkit rmdup -n`), or split mates into two files.',
      '请删除重复读段（`seqkit rmdup -n`），或将配对读段拆成两个文件。',
    ],
    refused: '@r1\\nA\\n+\\nI\\n@r1\\nC\\n+\\nI',
    accepted: '@r1\\nA\\n+\\nI\\n@r2\\nC\\n+\\nI',
    source: ena,
  }),
  suspectedDuplicate: rule('GW5121', 'warning', {
    message: ['About {count} read names seem to occur more than once.', '约有 {count} 个读段名称疑似重复。'],
    explanation: [
      'Told by the hashes of the names while the file streamed by; a second reading has to confirm it.',
      '这是流式读取时根据名称哈希得出的判断，需再次读取文件确认。',
    ],
    mend: [
      'Check with `seqkit rmdup -n`, or let the archive read the file again.',
      '请用 `seqkit rmdup -n` 检查，或由平台重新读取确认。',
    ],
    refused: '@r1 twice, in a stream that cannot be read again',
    accepted: '@r1 and @r2',
  }),
  unpaired: rule('GW5122', 'error', {
    message: [
      'Only {percent} % of the reads have a mate in another file, at least {limit} % are needed.',
      '仅 {percent}% 的读段在其他文件中有配对，至少需要 {limit}%。',
    ],
    explanation: [
      'The files of a paired run hold the same templates under the same names. These hardly share any.',
      '配对测序的各个文件应以相同名称包含相同模板，而这些文件几乎没有共同名称。',
    ],
    mend: [
      'Check that the files belong to the same run, or send them as separate single-end runs.',
      '请确认文件属于同一 run，或分别作为单端数据提交。',
    ],
    refused: 'reads of sample A as _1, reads of sample B as _2',
    accepted: '@r7/1 in _1 and @r7/2 in _2',
    source: ena,
  }),
  mates: rule('GW5123', 'error', {
    message: [
      'The names tell {labels} different mates in {files} files: {list}.',
      '{files} 个文件的名称中出现 {labels} 种配对编号：{list}。',
    ],
    explanation: [
      'There can be at most as many mates as files, named as Illumina does: “/1”, “/2” or “ 1:N:0”, “ 2:N:0”.',
      '配对编号的种类不能多于文件数，并应遵循 Illumina 命名：“/1”“/2”或“ 1:N:0”“ 2:N:0”。',
    ],
    mend: [
      'Rename the reads after the Illumina convention, one mate a file.',
      '请按 Illumina 规则重命名读段，每个文件一种配对。',
    ],
    refused: '/1, /2 and /3 in two files',
    accepted: '/1 in the first and /2 in the second file',
    source: ena,
  }),
  sameMate: rule('GW5124', 'warning', {
    message: ['All files tell the same mate, {list}.', '所有文件的配对编号相同：{list}。'],
    explanation: [
      'The files are sent as mates of each other, but their names tell one and the same mate. The same file may have been sent twice.',
      '这些文件作为配对提交，但名称中的配对编号完全相同，可能同一文件被上传了两次。',
    ],
    mend: ['Check that forward and reverse reads were not mixed up.', '请确认没有混淆正向与反向读段。'],
    refused: '/1 in both files',
    accepted: '/1 in the first and /2 in the second file',
  }),
  onlyTechnical: rule('GW5126', 'error', {
    message: ['All {files} files hold barcodes only.', '全部 {files} 个文件都只含条形码读段。'],
    explanation: [
      'Cell, sample, feature and spatial barcodes and UMIs tell where a read comes from; a run needs the reads of the sample themselves as well.',
      '细胞、样本、特征、空间条形码与 UMI 只说明读段来源；run 还必须包含样本本身的读段。',
    ],
    mend: [
      'Add the file with the reads of the sample, or set its read type to single or paired.',
      '请补充样本读段文件，或将其读段类型设为 single 或 paired。',
    ],
    refused: 'R1 as cell_barcode,umi_barcode and I1 as sample_barcode',
    accepted: 'R1 as cell_barcode,umi_barcode and R2 as single',
    source: ena,
  }),
  technicalApart: rule('GW5127', 'error', {
    message: [
      'Only {percent} % of the reads have one of type {types}, at least {limit} % are needed.',
      '仅 {percent}% 的读段具有类型为 {types} 的对应读段，至少需要 {limit}%。',
    ],
    explanation: [
      'A barcode belongs to the read of the same name. The file with the barcodes hardly shares names with the reads.',
      '条形码与同名读段对应，而该条形码文件与读段文件几乎没有共同名称。',
    ],
    mend: [
      'Check that both files are of the same run and lane, and that names were not changed in one of them.',
      '请确认两个文件来自同一 run 与泳道，且读段名称未被更改。',
    ],
    refused: 'barcodes of lane 1 with reads of lane 2',
    accepted: '@r7 1:N:0 in R1 (barcodes) and @r7 2:N:0 in R2',
    source: ena,
  }),
  technicalFew: rule('GW5128', 'warning', {
    message: [
      '{percent} % of the reads have one of type {types}; the others cannot be assigned.',
      '{percent}% 的读段具有类型为 {types} 的对应读段，其余无法归属。',
    ],
    explanation: [
      'Reads without a barcode or UMI are of no use to those who analyse the data again. Most often one file was filtered and the other was not.',
      '缺少条形码或 UMI 的读段无法用于再分析，通常是只过滤了其中一个文件所致。',
    ],
    mend: [
      'Filter both files alike, or send them as they came from the sequencer.',
      '请对两个文件作相同过滤，或上传测序仪的原始文件。',
    ],
    refused: '1000 reads, of which 900 have a barcode',
    accepted: 'a barcode for every read',
    source: ena,
  }),
  pairingFiles: rule('GW5125', 'error', {
    message: [
      'Pairing is checked for 2 to 10 files; these are {files}.',
      '配对检查适用于 2 至 10 个文件，当前为 {files} 个。',
    ],
    explanation: ['A run holds at most ten FASTQ files.', '一个 run 最多包含十个 FASTQ 文件。'],
    mend: ['Split the data into several runs.', '请拆分为多个 run。'],
    refused: '11 files in one run',
    accepted: '_1, _2 and an index file',
    source: ena,
  }),
} as const;
