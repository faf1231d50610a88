import { rule } from '@geneward/formats';

const layout = 'Nextclade 3, data set layout';

/** What may be wrong with a data set that is installed, or with the way it is packed. */
export const datasetRules = {
  missing: rule('GW7201', 'error', {
    message: ['The data set has no {file}.', '数据集中没有 {file}。'],
    explanation: [
      'A data set is pathogen.json with the files that it names: the reference always, annotation and tree where there are any.',
      '数据集由 pathogen.json 及其列出的文件组成：参考序列必需，注释与树可选。',
    ],
    mend: [
      'Add the file, or take it out of “files” of pathogen.json.',
      '请补充该文件，或从 pathogen.json 的 “files” 中移除。',
    ],
    refused: 'a folder without reference.fasta',
    accepted: 'pathogen.json, reference.fasta',
    source: layout,
  }),
  json: rule('GW7202', 'error', {
    message: ['{file} cannot be read: {reason}.', '无法读取 {file}：{reason}。'],
    explanation: [
      'pathogen.json is a JSON object of the layout of Nextclade 3.',
      'pathogen.json 须为 Nextclade 3 布局的 JSON 对象。',
    ],
    mend: ['Correct the file at that place.', '请更正该处内容。'],
    refused: '{"files": 3}',
    accepted: '{"files": {"reference": "reference.fasta"}}',
    source: layout,
  }),
  hash: rule('GW7203', 'error', {
    message: ['The data set has the hash {found}, not {expected}.', '数据集的哈希为 {found}，而非 {expected}。'],
    explanation: [
      'The hash is that of all files with their names; one changed byte changes it.',
      '哈希由全部文件及其名称计算得出，任何字节改动都会使其改变。',
    ],
    mend: ['Fetch the data set again, or ask its source for its hash.', '请重新获取数据集，或向来源核对哈希。'],
    refused: 'a tree.json cut short',
    accepted: 'the files as they were released',
  }),
  archive: rule('GW7204', 'error', {
    message: ['The archive cannot be unpacked: {reason}.', '无法解包该归档：{reason}。'],
    explanation: [
      'Taken are zip and tar, plain or packed by gzip; names stay inside, sizes within limits.',
      '支持 zip 与 tar（可用 gzip 压缩）；文件名不得越界，大小须在限制内。',
    ],
    mend: ['Pack the folder of the data set anew.', '请重新打包数据集文件夹。'],
    refused: '../../etc/passwd',
    accepted: 'sars-cov-2/pathogen.json',
  }),
  large: rule('GW7205', 'error', {
    message: ['The data set has more than {limit} bytes.', '数据集超过 {limit} 字节。'],
    explanation: ['A data set is held in memory whole.', '数据集需整体载入内存。'],
    mend: ['Install a smaller tree, or raise the limit.', '请安装较小的树，或提高限制。'],
    refused: 'a zip that unpacks to 100 GB',
    accepted: 'a zip of 10 MB',
  }),
  reference: rule('GW7206', 'error', {
    message: ['The reference holds {count} sequences; one is needed.', '参考文件含 {count} 条序列，应为一条。'],
    explanation: [
      'All coordinates are those of one sequence of A, C, G and T.',
      '所有坐标均基于同一条由 A、C、G、T 组成的序列。',
    ],
    mend: ['Give the reference of one segment.', '请提供单一片段的参考序列。'],
    refused: 'eight segments in one file',
    accepted: '>MN908947\\nATTAAAGG…',
    source: layout,
  }),
  unknown: rule('GW7207', 'error', {
    message: ['No data set {name} is installed; there are: {known}.', '未安装数据集 {name}；现有：{known}。'],
    explanation: [
      'A data set is named by its name, name@version, or a shortcut of its own.',
      '数据集以名称、名称@版本或其自带的简称指定。',
    ],
    mend: ['Install it, or name one that is there.', '请安装该数据集，或指定已有的数据集。'],
    refused: 'sars',
    accepted: 'sars-cov-2',
  }),
  terms: rule('GW7208', 'warning', {
    message: ['Licence and use terms of the data set are not known.', '数据集的许可与使用条款未知。'],
    explanation: [
      'The terms of a source go with every record into trees, maps, counts and forecasts.',
      '来源条款随每条记录进入树、地图、计数与预测。',
    ],
    mend: ['Say them when it is installed: --license, --terms.', '安装时请注明：--license、--terms。'],
    refused: 'installed without a licence',
    accepted: '--license CC-BY-4.0',
  }),
};
