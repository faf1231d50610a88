import type { Text } from '@geneward/metadata';

/** Why a party refuses or ends a job, with the mend; nothing here is made from data. */
const told = {
  'not-approved': {
    en: 'This job is not approved here. Read it with `geneward job explain` and approve it with `geneward job approve`.',
    zh: '本方未批准该任务。请先用 geneward job explain 阅读，再用 geneward job approve 批准。',
  },
  'kind-not-allowed': {
    en: 'The policy of this party does not allow this kind of job.',
    zh: '本方策略不允许此类任务。',
  },
  'partner-not-allowed': {
    en: 'The policy of this party does not name this partner with this certificate.',
    zh: '本方策略中没有持此证书的合作方。',
  },
  'threshold-too-low': {
    en: 'The thresholds of the job are below those of the policy.',
    zh: '任务阈值低于本方策略要求。',
  },
  'security-too-low': {
    en: 'The policy of this party asks for malicious security. Compose the job with `"security": "malicious"`.',
    zh: '本方策略要求恶意模型安全级别。请以 "security": "malicious" 编制任务。',
  },
  'too-many-individuals': {
    en: 'There are more individuals than this kind of job can hold, or none at an institution: 32,500 for an association over shares, 1,000,000 identifiers on a side for an overlap, 4,000,000 pairs for kinship and distances. Use a kind over sums, or split the job.',
    zh: '个体数量超过此类任务的上限，或某机构没有个体：份额关联分析为 32,500 人，重叠分析每方 1,000,000 个标识，亲缘与距离为 4,000,000 对。请改用基于求和的类型，或拆分任务。',
  },
  'too-many-variants': {
    en: 'Kinship over shares takes 262,143 common variants at most. Thin the genotypes (plink --indep-pairwise) and commit anew.',
    zh: '基于份额的亲缘分析最多 262,143 个共有变异。请先稀疏化基因型（plink --indep-pairwise）并重新承诺。',
  },
  'too-few-parties': { en: 'The job has fewer parties than the policy asks for.', zh: '参与方数量少于本方策略要求。' },
  'not-a-party': { en: 'The job does not name this party with its certificate.', zh: '任务中没有本方及其证书。' },
  'folder-not-allowed': {
    en: 'An input lies outside the folders that the policy allows.',
    zh: '输入文件不在策略允许的文件夹内。',
  },
  'no-commitment': {
    en: 'The inputs behind this commitment are not known here. Make it with `geneward party commit`.',
    zh: '本方没有该承诺对应的输入。请用 geneward party commit 生成。',
  },
  'input-changed': {
    en: 'An input is not the one that was committed to. Restore it, or commit anew and ask for new approvals.',
    zh: '输入与承诺时不一致。请恢复原文件，或重新承诺并重新批准。',
  },
  'too-few-individuals': {
    en: 'All parties together have fewer individuals than the job’s threshold.',
    zh: '全部参与方的个体总数低于任务阈值。',
  },
  'nothing-in-common': { en: 'The parties have no variant in common.', zh: '各方没有共有变异。' },
  'too-large-for-memory': { en: 'The inputs need more memory than the policy allows.', zh: '所需内存超过策略上限。' },
  'other-job': {
    en: 'The partner runs another specification than the one approved here.',
    zh: '对方运行的任务规格与本方批准的不同。',
  },
  'bad-frame': {
    en: 'A partner sent a frame that does not belong here: damaged, replayed or out of order.',
    zh: '对方发送了不属于此处的帧：损坏、重放或乱序。',
  },
  'too-large': { en: 'A partner sent more than the limits allow.', zh: '对方发送的数据超过限制。' },
  silent: { en: 'A partner stayed silent for longer than the policy waits.', zh: '对方沉默时间超过策略上限。' },
  unreachable: { en: 'A partner cannot be reached.', zh: '无法连接合作方。' },
  restarted: {
    en: 'A partner’s process was started anew during the job; its masks are gone. Start the job again.',
    zh: '对方进程在任务中重新启动，掩码已失效。请重新开始任务。',
  },
  'different-totals': {
    en: 'The parties do not agree on what was computed: somebody told different partners different things.',
    zh: '各方对计算结果不一致：有参与方向不同伙伴发送了不同内容。',
  },
  'partner-aborted': { en: 'A partner ended the job.', zh: '对方已中止任务。' },
  'bad-policy': { en: 'The policy file is not valid.', zh: '策略文件无效。' },
  'bad-specification': { en: 'The job specification is not valid.', zh: '任务规格无效。' },
  'bad-receipt': { en: 'The receipt does not prove what it says.', zh: '回执无法证明其内容。' },
  'input-unusable': {
    en: 'An input cannot be read; the party’s own log says where.',
    zh: '输入无法读取；本方日志中有具体位置。',
  },
  'no-replay': {
    en: 'Nothing was kept of this run. A policy with "replay": true keeps it.',
    zh: '未保留该次运行的记录。策略中写明 "replay": true 时才会保留。',
  },
  'replay-differs': {
    en: 'Done again, the run does not send what the party signed: other inputs, another seed, or another program.',
    zh: '重放所发送的内容与该方签署的不一致：输入、种子或程序不同。',
  },
  'chain-refused': {
    en: 'The consortium chain refuses this.',
    zh: '联盟链拒绝此操作。',
  },
  'chain-unreachable': {
    en: 'The node of the consortium chain is not reached, or has not put this into a block. Nothing is lost; try again.',
    zh: '无法连接联盟链节点，或其尚未将此写入区块。没有丢失任何内容，请重试。',
  },
  'not-started-on-chain': {
    en: 'On the consortium chain this job is not approved by all parties and started. See `geneward job chain show`.',
    zh: '联盟链上该任务尚未经全部参与方批准并启动。请查看 geneward job chain show。',
  },
  internal: { en: 'The program failed.', zh: '程序出错。' },
} as const satisfies Record<string, Text>;

export type PartyCode = keyof typeof told;

/** An expected end of a job. `detail` stays on this machine; code and phase may travel. */
export class PartyProblem extends Error {
  readonly code: PartyCode;
  readonly text: Text;
  constructor(code: PartyCode, detail?: string) {
    super(detail === undefined ? told[code].en : `${told[code].en} (${detail})`);
    this.name = 'PartyProblem';
    this.code = code;
    this.text =
      detail === undefined ? told[code] : { en: `${told[code].en} (${detail})`, zh: `${told[code].zh}（${detail}）` };
  }
}
