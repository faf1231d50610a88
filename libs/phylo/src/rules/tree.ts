import { rule } from '@geneward/formats';

/** What may be wrong with a tree, its dates, or what is placed on it. */
export const treeRules = {
  syntax: rule('GW7101', 'error', {
    message: ['The tree file cannot be read: {reason}.', '无法读取树文件：{reason}。'],
    explanation: [
      'Auspice JSON, UShER MAT, Taxonium JSONL, Newick, NEXUS and VCF are read strictly.',
      'Auspice JSON、UShER MAT、Taxonium JSONL、Newick、NEXUS 与 VCF 均按规范严格读取。',
    ],
    mend: ['Check that the file is complete and of the named format.', '请检查文件是否完整、格式是否相符。'],
    refused: '(a,b',
    accepted: '(a,b);',
  }),
  loop: rule('GW7102', 'error', {
    message: ['The tree has a loop: node {node} is its own ancestor.', '树中有环：节点 {node} 是其自身的祖先。'],
    explanation: ['Every chain of parents ends at the root.', '任何父节点链都必须止于根。'],
    mend: ['Give every node one parent, up to the root.', '每个节点只能有一个父节点，直至根。'],
    refused: 'a below b, b below a',
    accepted: 'a below b, b the root',
  }),
  roots: rule('GW7103', 'error', {
    message: ['The tree has {count} roots.', '树有 {count} 个根。'],
    explanation: ['One file holds one tree.', '每个文件只含一棵树。'],
    mend: ['Join the parts under one root, or give one file a tree.', '请将各部分并入同一个根，或每个文件只放一棵树。'],
    refused: 'two nodes without a parent',
    accepted: 'one node without a parent',
  }),
  parent: rule('GW7104', 'error', {
    message: [
      'Node {node} names the parent {parent}, which is not in the file.',
      '节点 {node} 的父节点 {parent} 不在文件中。',
    ],
    explanation: ['All nodes of a path stand in the file.', '路径上的所有节点都须在文件中。'],
    mend: ['Add the parent or correct its identifier.', '请补充该父节点或更正其标识。'],
    refused: 'parent_id 99 of 10 nodes',
    accepted: 'parent_id 3',
  }),
  name: rule('GW7105', 'error', {
    message: ['The name {name} stands for more than one sample.', '名称 {name} 对应多个样本。'],
    explanation: ['A sample is told by its name.', '样本以名称标识。'],
    mend: ['Give every sample a name of its own.', '请为每个样本使用唯一的名称。'],
    refused: '(a,a);',
    accepted: '(a,b);',
  }),
  reference: rule('GW7106', 'error', {
    message: [
      'The tree was made for another reference: it has {found} at position {position}, the reference has {expected}.',
      '该树基于另一参考序列：位置 {position} 处为 {found}，而参考序列为 {expected}。',
    ],
    explanation: [
      'The first change of a site on a path starts from the base of the reference.',
      '路径上某位点的首次突变必须从参考碱基开始。',
    ],
    mend: [
      'Install the reference that the tree was made with, or a tree for this reference.',
      '请安装该树所用的参考序列，或使用基于此参考序列的树。',
    ],
    refused: 'C241T where the reference has G',
    accepted: 'C241T where the reference has C',
  }),
  contradiction: rule('GW7107', 'error', {
    message: [
      'At node {node} the mutation {mutation} starts from a base that its parent does not have ({expected}).',
      '节点 {node} 的突变 {mutation} 的起始碱基与其父节点（{expected}）不符。',
    ],
    explanation: ['The mutations of a path follow one another.', '同一路径上的突变必须前后相接。'],
    mend: ['Make the tree again from its alignment.', '请由比对重新建树。'],
    refused: 'C241T, below it C241A',
    accepted: 'C241T, below it T241A',
  }),
  position: rule('GW7108', 'error', {
    message: [
      'Position {position} lies outside the reference of {length} bases.',
      '位置 {position} 超出长度为 {length} 的参考序列。',
    ],
    explanation: ['Positions count from 1 to the length of the reference.', '位置从 1 计至参考序列长度。'],
    mend: ['Check the reference and the coordinates (1-based).', '请检查参考序列与坐标（从 1 起）。'],
    refused: 'A40000T of 29,903 bases',
    accepted: 'A23063T',
  }),
  size: rule('GW7109', 'error', {
    message: ['The file is larger than allowed: {what} is over {limit}.', '文件超出限制：{what} 超过 {limit}。'],
    explanation: ['Limits keep a hostile file from filling the memory.', '限制用于防止恶意文件耗尽内存。'],
    mend: [
      'Divide the tree, or raise the limit where the data set is installed.',
      '请拆分树，或在安装数据集处提高限制。',
    ],
    refused: '60 million nodes',
    accepted: '10 million nodes',
  }),
  date: rule('GW7110', 'error', {
    message: ['The date {date} of {name} does not exist.', '{name} 的日期 {date} 不存在。'],
    explanation: [
      'A date is a day of the calendar, a month or a year; an unknown part is left out or written XX.',
      '日期为日历上的某日、某月或某年；未知部分可省略或写作 XX。',
    ],
    mend: [
      'Write YYYY-MM-DD, YYYY-MM, YYYY, or XX for an unknown part.',
      '请写成 YYYY-MM-DD、YYYY-MM、YYYY，未知部分写 XX。',
    ],
    refused: '2021-02-30',
    accepted: '2021-02-XX',
  }),
  clock: rule('GW7111', 'error', {
    message: ['No clock can be fitted: {reason}.', '无法拟合分子钟：{reason}。'],
    explanation: [
      'Distances from the root must grow with the dates of at least three samples.',
      '至少三个样本的根距须随日期增长。',
    ],
    mend: [
      'Give at least three dated samples from different days, or a fixed rate.',
      '请提供至少三个不同日期的样本，或给定速率。',
    ],
    refused: 'all samples of one day',
    accepted: 'samples of several months',
    source: 'TreeTime (Sagulenko, Puller, Neher 2018)',
  }),
  state: rule('GW7112', 'error', {
    message: ['State {state} of the tree was never recorded.', '未记录树的状态 {state}。'],
    explanation: ['Earlier states are those that updates recorded.', '可回溯的状态仅限于更新时记录的状态。'],
    mend: ['Choose one of the recorded states.', '请选择已记录的状态。'],
    refused: 'state 12 of 10',
    accepted: 'state 3 of 10',
  }),
};
