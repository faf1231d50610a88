/** A text in both languages of the house. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

interface Told {
  readonly message: Text;
  readonly mend: Text;
}

const told = (en: string, zh: string, mendEn: string, mendZh: string): Told => ({
  message: { en, zh },
  mend: { en: mendEn, zh: mendZh },
});

/** What can be wrong with a tree or with what is placed on it. Codes are stable and never reused. */
export const treeProblems = {
  'tree.syntax': told(
    'The tree file cannot be read: {reason}.',
    '无法读取树文件：{reason}。',
    'Check that the file is complete and of the named format.',
    '请检查文件是否完整、格式是否相符。',
  ),
  'tree.loop': told(
    'The tree has a loop: node {node} is its own ancestor.',
    '树中有环：节点 {node} 是其自身的祖先。',
    'Give every node one parent, and let every chain of parents end at the root.',
    '每个节点只能有一个父节点，且父节点链必须止于根。',
  ),
  'tree.roots': told(
    'The tree has {count} roots.',
    '树有 {count} 个根。',
    'Join the parts under one root, or give one file a tree.',
    '请将各部分并入同一个根，或每个文件只放一棵树。',
  ),
  'tree.parent': told(
    'Node {node} names the parent {parent}, which is not in the file.',
    '节点 {node} 的父节点 {parent} 不在文件中。',
    'Add the parent or correct its identifier.',
    '请补充该父节点或更正其标识。',
  ),
  'tree.name': told(
    'The name {name} stands for more than one sample.',
    '名称 {name} 对应多个样本。',
    'Give every sample a name of its own.',
    '请为每个样本使用唯一的名称。',
  ),
  'tree.reference': told(
    'The tree was made for another reference: it has {found} at position {position}, the reference has {expected}.',
    '该树基于另一参考序列：位置 {position} 处为 {found}，而参考序列为 {expected}。',
    'Install the reference that the tree was made with, or a tree for this reference.',
    '请安装该树所用的参考序列，或使用基于此参考序列的树。',
  ),
  'tree.contradiction': told(
    'At node {node} the mutation {mutation} starts from a base that its parent does not have ({expected}).',
    '节点 {node} 的突变 {mutation} 的起始碱基与其父节点（{expected}）不符。',
    'Make the tree again from its alignment; the mutations of a path must follow one another.',
    '请由比对重新建树；同一路径上的突变必须前后相接。',
  ),
  'tree.position': told(
    'Position {position} lies outside the reference of {length} bases.',
    '位置 {position} 超出长度为 {length} 的参考序列。',
    'Check the reference and the coordinates (1-based).',
    '请检查参考序列与坐标（从 1 起）。',
  ),
  'tree.size': told(
    'The file is larger than allowed: {what} is over {limit}.',
    '文件超出限制：{what} 超过 {limit}。',
    'Divide the tree, or raise the limit where the data set is installed.',
    '请拆分树，或在安装数据集处提高限制。',
  ),
  'tree.date': told(
    'The date {date} of {name} does not exist.',
    '{name} 的日期 {date} 不存在。',
    'Write YYYY-MM-DD, YYYY-MM, YYYY, or XX for an unknown part.',
    '请写成 YYYY-MM-DD、YYYY-MM、YYYY，未知部分写 XX。',
  ),
  'tree.clock': told(
    'No clock can be fitted: {reason}.',
    '无法拟合分子钟：{reason}。',
    'Give at least three dated samples from different days, or a fixed rate.',
    '请提供至少三个不同日期的样本，或给定速率。',
  ),
  'tree.state': told(
    'State {state} of the tree was never recorded.',
    '未记录树的状态 {state}。',
    'Choose one of the recorded states.',
    '请选择已记录的状态。',
  ),
} satisfies Record<string, Told>;

/** The stable codes of this part. */
export type TreeProblemCode = keyof typeof treeProblems;

/** A tree, or something asked of it, that cannot be used: a stable code, the values for its text, and where it stands. */
export class TreeProblem extends Error {
  readonly code: TreeProblemCode;
  readonly values: Readonly<Record<string, string | number>>;
  readonly place: string | undefined;

  constructor(code: TreeProblemCode, values: Readonly<Record<string, string | number>> = {}, place?: string) {
    super(`${code}: ${fill(treeProblems[code].message.en, values)}${place === undefined ? '' : ` (${place})`}`);
    this.name = 'TreeProblem';
    this.code = code;
    this.values = values;
    this.place = place;
  }

  /** The message in both languages, filled in. */
  get text(): Text {
    const { en, zh } = treeProblems[this.code].message;
    return { en: fill(en, this.values), zh: fill(zh, this.values) };
  }

  /** How to mend it, in both languages. */
  get mend(): Text {
    return treeProblems[this.code].mend;
  }
}

const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replaceAll(/\{(\w+)\}/gu, (whole, key: string) => String(values[key] ?? whole));
