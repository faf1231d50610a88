import type { Rule } from '../rule.ts';

/** Whether the organism exists, may be submitted, and suits the sample. */
export const taxonRules = {
  name: {
    code: 'GW4001',
    level: 'error',
    message: { en: 'The taxonomy has no organism "{value}".', zh: '分类库中没有物种“{value}”。' },
    explanation: {
      en: 'Names come from the NCBI taxonomy that this installation has loaded.',
      zh: '物种名以本系统载入的 NCBI 分类库为准。',
    },
    mend: {
      en: 'Check the spelling; for a new organism use "Genus sp. STRAIN" and ask for the name.',
      zh: '请检查拼写；新物种请用“属名 sp. 菌株号”并申请登记。',
    },
    example: { refused: 'organism: Oryza sativva', accepted: 'organism: Oryza sativa' },
    same: { ddbj: ['BS_R0045', 'BP_R0039'] },
  },
  id: {
    code: 'GW4002',
    level: 'error',
    message: { en: 'The taxonomy has no identifier {value}.', zh: '分类库中没有编号 {value}。' },
    explanation: { en: 'The number is not in the loaded NCBI taxonomy.', zh: '该编号不在已载入的 NCBI 分类库中。' },
    mend: { en: 'Look the organism up by name.', zh: '请按名称查找物种。' },
    example: { refused: 'taxonomy_id: 999999999', accepted: 'taxonomy_id: 9606' },
    same: { ddbj: ['BS_R0045'] },
  },
  mismatch: {
    code: 'GW4003',
    level: 'error',
    message: { en: 'The identifier {id} is {named}, not "{value}".', zh: '编号 {id} 对应 {named}，而不是“{value}”。' },
    explanation: { en: 'Name and identifier of the organism must say the same.', zh: '物种名与编号必须一致。' },
    mend: {
      en: 'Correct the one that is wrong; "{value}" has the identifier {suggestion}.',
      zh: '请更正错误的一项；“{value}”的编号为 {suggestion}。',
    },
    example: {
      refused: 'organism: Oryza sativa; taxonomy_id: 9606',
      accepted: 'organism: Oryza sativa; taxonomy_id: 4530',
    },
    same: { ddbj: ['BS_R0004', 'BP_R0038'] },
  },
  rank: {
    code: 'GW4004',
    level: 'error',
    message: {
      en: '"{value}" is a {rank}; samples need a species or something below it.',
      zh: '“{value}”的分类等级为 {rank}；样本须为种或种以下等级。',
    },
    explanation: {
      en: 'A genus or family names many organisms, a sample comes from one.',
      zh: '属或科包含许多物种，而样本只来自其中之一。',
    },
    mend: {
      en: 'Name the species, or "{value} sp." with your isolate.',
      zh: '请填写种名，或用“{value} sp.”加分离株号。',
    },
    example: { refused: 'organism: Bacillus', accepted: 'organism: Bacillus subtilis' },
    same: { ddbj: ['BS_R0096', 'BP_R0018'] },
  },
  otherName: {
    code: 'GW4005',
    level: 'warning',
    message: { en: '"{value}" is another name of {suggestion}.', zh: '“{value}”是 {suggestion} 的其他名称。' },
    explanation: {
      en: 'Synonyms, common names and other cases are understood; the scientific name is kept.',
      zh: '异名、俗名和大小写差异可以识别，但保存学名。',
    },
    mend: { en: 'Accept "{suggestion}".', zh: '请接受“{suggestion}”。' },
    example: { refused: 'organism: human', accepted: 'organism: Homo sapiens' },
    same: { ddbj: ['BS_R0045'] },
  },
  merged: {
    code: 'GW4006',
    level: 'warning',
    message: { en: 'The identifier {value} was merged into {suggestion}.', zh: '编号 {value} 已并入 {suggestion}。' },
    explanation: {
      en: 'NCBI joins identifiers when two entries turn out to be one organism.',
      zh: '当两个条目被确认为同一物种时，NCBI 会合并编号。',
    },
    mend: { en: 'Accept {suggestion}.', zh: '请接受 {suggestion}。' },
    example: { refused: 'taxonomy_id: (merged)', accepted: 'taxonomy_id: (present one)' },
  },
  deleted: {
    code: 'GW4007',
    level: 'error',
    message: { en: 'The identifier {value} was deleted from the taxonomy.', zh: '编号 {value} 已从分类库删除。' },
    explanation: { en: 'Deleted identifiers name nothing any more.', zh: '已删除的编号不再代表任何物种。' },
    mend: { en: 'Look the organism up by name.', zh: '请按名称查找物种。' },
    example: { refused: 'taxonomy_id: (deleted)', accepted: 'taxonomy_id: 9606' },
  },
  lineage: {
    code: 'GW4008',
    level: 'error',
    message: {
      en: '{value} does not belong to {permitted}, which "{checklist}" is for.',
      zh: '{value} 不属于 {permitted}，而“{checklist}”仅适用于后者。',
    },
    explanation: {
      en: 'Each sample type is for a part of the tree of life.',
      zh: '每种样本类型只适用于生命之树的某一部分。',
    },
    mend: { en: 'Choose the sample type of your organism.', zh: '请选择与物种相符的样本类型。' },
    example: {
      refused: 'virus sample of Homo sapiens',
      accepted: 'virus sample of Severe acute respiratory syndrome coronavirus 2',
    },
    same: { ddbj: ['BS_R0048', 'BS_R0074', 'BS_R0075', 'BS_R0080', 'BS_R0081', 'BS_R0082', 'BS_R0084'] },
  },
  notPermitted: {
    code: 'GW4009',
    level: 'error',
    message: {
      en: '{value} belongs to {refused}, which "{checklist}" is not for.',
      zh: '{value} 属于 {refused}，不适用于“{checklist}”。',
    },
    explanation: {
      en: 'Another sample type asks the right questions for this organism.',
      zh: '另有更适合该物种的样本类型。',
    },
    mend: { en: 'Choose the sample type of your organism.', zh: '请选择与物种相符的样本类型。' },
    example: { refused: 'animal sample of Homo sapiens', accepted: 'human sample of Homo sapiens' },
    same: { ddbj: ['BS_R0048', 'BS_R0076', 'BS_R0077'] },
  },
  metagenomeNeeded: {
    code: 'GW4010',
    level: 'error',
    message: { en: '"{value}" is no metagenome taxon.', zh: '“{value}”不是宏基因组分类单元。' },
    explanation: {
      en: 'A sample of a community names its environment: "soil metagenome", "human gut metagenome".',
      zh: '群落样本应填写环境名称，例如“soil metagenome”“human gut metagenome”。',
    },
    mend: { en: 'Choose the fitting "… metagenome".', zh: '请选择合适的“… metagenome”。' },
    example: { refused: 'metagenome of Homo sapiens', accepted: 'metagenome of human gut metagenome' },
    same: { ddbj: ['BS_R0078', 'BS_R0083', 'BS_R0088', 'BS_R0106', 'BP_R0020'] },
  },
  metagenomeRefused: {
    code: 'GW4011',
    level: 'error',
    message: {
      en: '"{value}" is a metagenome; this sample type needs one organism.',
      zh: '“{value}”是宏基因组；该样本类型需要单一物种。',
    },
    explanation: {
      en: 'A genome of one organism, also a MAG, is submitted under that organism.',
      zh: '单一物种的基因组（包括 MAG）应以该物种提交。',
    },
    mend: {
      en: 'Name the organism, or choose a metagenome sample type.',
      zh: '请填写物种名，或选择宏基因组样本类型。',
    },
    example: { refused: 'bacterium sample of soil metagenome', accepted: 'bacterium sample of Bacillus subtilis' },
    same: { ddbj: ['BS_R0110', 'BS_R0111'] },
  },
  idForm: {
    code: 'GW4012',
    level: 'error',
    message: { en: '"{value}" in "{field}" is not a taxonomy identifier.', zh: '“{field}”中的“{value}”不是分类编号。' },
    explanation: { en: 'An NCBI taxonomy identifier is a positive whole number.', zh: 'NCBI 分类编号为正整数。' },
    mend: { en: 'Write the number alone.', zh: '请只填写数字。' },
    example: { refused: 'taxonomy_id: taxid 9606', accepted: 'taxonomy_id: 9606' },
  },
  unchecked: {
    code: 'GW4013',
    level: 'hint',
    message: {
      en: '"{value}" is not in the small built-in taxonomy and was not checked.',
      zh: '“{value}”不在内置的小型分类库中，未作检查。',
    },
    explanation: {
      en: 'Only common organisms are built in; with the full NCBI taxonomy loaded, every name is checked.',
      zh: '系统仅内置常见物种；载入完整的 NCBI 分类库后将检查所有名称。',
    },
    mend: { en: 'Load the NCBI taxonomy, or check the name yourself.', zh: '请载入 NCBI 分类库，或自行核对名称。' },
    example: {
      refused: 'organism: Ailuropoda melanoleuca (with the built-in set)',
      accepted: 'organism: Oryza sativa',
    },
  },
  novel: {
    code: 'GW4014',
    level: 'warning',
    message: {
      en: 'The taxonomy does not know "{value}" yet; its genus {genus} it does.',
      zh: '分类库尚无“{value}”，但有其属 {genus}。',
    },
    explanation: {
      en: 'Unnamed organisms are submitted as "Genus sp. STRAIN"; the name is registered during review.',
      zh: '未命名的物种以“属名 sp. 菌株号”提交，名称在审核时登记。',
    },
    mend: {
      en: 'Leave the identifier empty and ask the curator to register the name.',
      zh: '请将分类号留空，并请审核员登记该名称。',
    },
    example: { refused: 'organism: Bacillus sp. SZ-17', accepted: 'organism: Bacillus subtilis' },
    same: { ddbj: ['BS_R0045', 'BS_R0104'] },
  },
} as const satisfies Record<string, Rule>;
