import type { Rule } from '@geneward/metadata';

/** Checks that need the archive: what is kept already, whose it is, which files have come. */
export const submissionRules = {
  accessionUnknown: {
    code: 'GW6001',
    level: 'error',
    message: { en: 'The accession "{value}" is no {type} of yours.', zh: '编号“{value}”不是您的 {type}。' },
    explanation: {
      en: 'A row with an accession revises that object, which must be yours and of this type.',
      zh: '带编号的行表示修订该对象；该对象须属于您且类型一致。',
    },
    mend: {
      en: 'Leave the accession empty for a new object, or correct it.',
      zh: '新对象请留空编号；否则请更正编号。',
    },
    example: { refused: 'a new sample with accession GWS0000001', accepted: 'a new sample without an accession' },
    same: { ncbi: ['you must be the owner of the BioSample'] },
  },
  accessionOfOther: {
    code: 'GW6002',
    level: 'error',
    message: {
      en: 'The accession "{value}" does not belong to the alias "{alias}".',
      zh: '编号“{value}”与别名“{alias}”不对应。',
    },
    explanation: {
      en: 'Alias and accession name the same object for ever; a shifted column or an auto-filled cell breaks that.',
      zh: '别名与编号始终指同一对象；列错位或自动填充会破坏对应关系。',
    },
    mend: { en: 'Copy both from the export of the submission.', zh: '请从提交的导出文件中复制二者。' },
    example: { refused: 's1 with the accession of s2', accepted: 's1 with its own accession' },
    same: { ddbj: ['BS_R0069'] },
  },
  otherSubmission: {
    code: 'GW6003',
    level: 'error',
    message: {
      en: 'The {type} "{value}" stands in another submission of yours that is not finished.',
      zh: '{type}“{value}”已在您另一项未完成的提交中。',
    },
    explanation: {
      en: 'An object is brought or revised by one submission at a time.',
      zh: '同一对象同一时间只能由一项提交新建或修订。',
    },
    mend: {
      en: 'Finish or delete that submission, or choose another alias.',
      zh: '请完成或删除该提交，或更换别名。',
    },
    example: { refused: 's1 in two open drafts', accepted: 's1 in one draft' },
  },
  gone: {
    code: 'GW6004',
    level: 'error',
    message: { en: 'The {type} "{value}" was withdrawn.', zh: '{type}“{value}”已撤回。' },
    explanation: {
      en: 'A withdrawn object keeps its name and its accession, but is not revised.',
      zh: '已撤回的对象保留名称和编号，但不可修订。',
    },
    mend: { en: 'Send it as a new object under another alias.', zh: '请更换别名，作为新对象提交。' },
    example: { refused: 'a new version of a withdrawn sample', accepted: 'a new sample that replaces it' },
  },
  otherSheet: {
    code: 'GW6005',
    level: 'error',
    message: {
      en: 'The {type} "{value}" stands in the sheet "{sheet}" as well.',
      zh: '{type}“{value}”同时出现在表格“{sheet}”中。',
    },
    explanation: {
      en: 'Each object stands in one sheet of a submission.',
      zh: '一次提交中，每个对象只能出现在一个表格中。',
    },
    mend: { en: 'Remove it from one of the sheets.', zh: '请从其中一个表格中删除。' },
    example: { refused: 's1 in a.tsv and in b.tsv', accepted: 's1 in a.tsv' },
  },
  sheetFailed: {
    code: 'GW6006',
    level: 'error',
    message: { en: 'The sheet "{sheet}" could not be read.', zh: '表格“{sheet}”无法读取。' },
    explanation: {
      en: 'Nothing was taken from it, so the submission may not be what you mean.',
      zh: '未从中读取任何内容，提交可能不完整。',
    },
    mend: { en: 'Send it again, corrected, or delete it.', zh: '请更正后重新发送，或删除该表格。' },
    example: { refused: 'an old .xls workbook', accepted: 'the same table as .xlsx or TSV' },
  },
  instruction: {
    code: 'GW6007',
    level: 'warning',
    message: {
      en: 'The instruction "{value}" is not carried out from a sheet.',
      zh: '不会通过表格执行指令“{value}”。',
    },
    explanation: {
      en: 'Sheets bring and revise objects. Release, hold, suppression and withdrawal are acts of their own.',
      zh: '表格只用于新建和修订对象；公开、保留、隐藏和撤回须单独操作。',
    },
    mend: { en: 'Use the command or the page for that act.', zh: '请使用相应的命令或页面。' },
    example: { refused: 'status: release', accepted: 'status: add' },
  },
  sheetErrors: {
    code: 'GW6008',
    level: 'error',
    message: { en: 'The sheet "{sheet}" still has {count} errors.', zh: '表格“{sheet}”仍有 {count} 个错误。' },
    explanation: {
      en: 'A submission is checked further when its sheets are free of errors.',
      zh: '表格无错误后才会继续检查。',
    },
    mend: { en: 'Correct them and send the sheet again.', zh: '请更正后重新发送表格。' },
    example: { refused: 'a sheet with a wrong date', accepted: 'the sheet with the date corrected' },
  },
  objectErrors: {
    code: 'GW6009',
    level: 'error',
    message: { en: 'The {type} "{value}" still has {count} errors.', zh: '{type}“{value}”仍有 {count} 个错误。' },
    explanation: {
      en: 'It was edited by itself after its sheet was sent, and what it says now does not pass.',
      zh: '该对象在表格发送后被单独编辑，当前内容未通过检查。',
    },
    mend: { en: 'Correct the object, or send its sheet again.', zh: '请更正该对象，或重新发送其表格。' },
    example: { refused: 'a sample whose date was emptied', accepted: 'the sample with its date' },
  },
  fileMissing: {
    code: 'GW6101',
    level: 'error',
    message: { en: 'The file "{value}" has not been uploaded.', zh: '文件“{value}”尚未上传。' },
    explanation: {
      en: 'Files are found by their exact name in the inbox of the submitter.',
      zh: '系统按完整文件名在提交者的收件区中查找文件。',
    },
    mend: { en: 'Upload it, or correct its name in the sheet.', zh: '请上传该文件，或更正表格中的文件名。' },
    example: { refused: 'a run of reads_1.fastq.gz that never came', accepted: 'the same after its upload' },
  },
  fileUnderWay: {
    code: 'GW6102',
    level: 'error',
    message: { en: 'The file "{value}" is still arriving or being checked.', zh: '文件“{value}”仍在上传或检查中。' },
    explanation: {
      en: 'A submission needs all its files, whole and checked.',
      zh: '提交需要所有文件均已完整上传并通过检查。',
    },
    mend: { en: 'Submit again when it is there.', zh: '请在完成后重新提交。' },
    example: { refused: 'submitting during an upload', accepted: 'submitting after it' },
  },
  fileFaulty: {
    code: 'GW6103',
    level: 'error',
    message: { en: 'The file "{value}" did not pass its check.', zh: '文件“{value}”未通过检查。' },
    explanation: { en: 'Its own report names every fault with its place.', zh: '文件检查报告列出了每处问题及其位置。' },
    mend: { en: 'Correct the file and upload it again.', zh: '请修正文件后重新上传。' },
    example: { refused: 'a truncated gzip file', accepted: 'the whole file' },
    same: { ena: ['Failed to validate reads'] },
  },
  fileMismatch: {
    code: 'GW6104',
    level: 'error',
    message: {
      en: 'The {algorithm} of the uploaded file "{value}" is {received}, the sheet says {declared}.',
      zh: '已上传文件“{value}”的 {algorithm} 为 {received}，表格中为 {declared}。',
    },
    explanation: {
      en: 'Either the upload or the row is of another file, or the file was changed after its checksum was taken.',
      zh: '上传的文件与该行不符，或文件在计算校验值后被更改。',
    },
    mend: { en: 'Upload the right file, or correct the checksum.', zh: '请上传正确的文件，或更正校验值。' },
    example: { refused: 'md5 of an earlier version of the file', accepted: 'md5 of the file that was uploaded' },
    same: { ena: ['Invalid file checksum'], ddbj: ['DRA_R0026'] },
  },
  fileUnnamed: {
    code: 'GW6105',
    level: 'warning',
    message: { en: 'No row names the uploaded file "{value}".', zh: '没有任何行引用已上传的文件“{value}”。' },
    explanation: {
      en: 'It stays in the inbox and expires there; it will not be part of this submission.',
      zh: '该文件将保留在收件区直至过期，不属于本次提交。',
    },
    mend: { en: 'Add it to its row, or delete it.', zh: '请在相应行中填写该文件，或将其删除。' },
    example: { refused: 'reads_3.fastq.gz that no run names', accepted: 'a run that names it' },
  },
  fileHeld: {
    code: 'GW6106',
    level: 'error',
    message: { en: 'The file "{value}" belongs to another object already.', zh: '文件“{value}”已属于另一对象。' },
    explanation: { en: 'A file is archived once, with one object.', zh: '一个文件只归档一次，归属一个对象。' },
    mend: {
      en: 'Refer to that object, or upload the file under another name.',
      zh: '请引用该对象，或更换文件名上传。',
    },
    example: { refused: 'one file in an accepted run and in a new one', accepted: 'one file in one run' },
    same: { ddbj: ['DRA_R0029'] },
  },
  fileBeside: {
    code: 'GW6107',
    level: 'warning',
    message: { en: 'No row names the file "{value}" beside the sheets.', zh: '没有任何行引用表格旁的文件“{value}”。' },
    explanation: {
      en: 'It was not read and will not be sent. Only the command line sees it, before anything is uploaded.',
      zh: '该文件不会被读取，也不会被上传。此项仅由命令行工具在上传前检查。',
    },
    mend: {
      en: 'Add it to its row if it belongs to the study; otherwise leave it.',
      zh: '如属于本研究，请在相应行中填写该文件；否则无需处理。',
    },
    example: { refused: 'reads_3.fastq.gz in the folder that no run names', accepted: 'a run that names it' },
  },
  foreignParent: {
    code: 'GW6201',
    level: 'error',
    message: { en: 'The {target} "{value}" belongs to another organisation.', zh: '{target}“{value}”属于其他机构。' },
    explanation: {
      en: 'Data are attached to objects of your own organisation. What others published can be cited or derived from.',
      zh: '数据只能挂接到本机构的对象；他人公开的对象可被引用，或作为衍生来源。',
    },
    mend: {
      en: 'Use "cites" or "derived_from", or an object of your own.',
      zh: '请改用 cites 或 derived_from，或使用自己的对象。',
    },
    example: { refused: 'an experiment of a stranger’s project', accepted: 'an experiment that cites it' },
  },
  releasePast: {
    code: 'GW6202',
    level: 'error',
    message: { en: 'The release date {value} has passed.', zh: '公开日期 {value} 已过。' },
    explanation: {
      en: 'A release lies between today and the horizon of this archive.',
      zh: '公开日期须在今天与最长保留期之间。',
    },
    mend: { en: 'Choose a new date, or none to release on acceptance.', zh: '请选择新的日期；留空则在接收时公开。' },
    example: { refused: 'a draft of last year with its old date', accepted: 'the draft with a new date' },
  },
} as const satisfies Record<string, Rule>;
