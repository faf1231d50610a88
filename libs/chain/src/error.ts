/** Why a transaction is refused. Numbers are on the chain and are never reused. */
export const refusals = {
  malformed: { number: 1, en: 'The bytes are no transaction. Encode it again.', zh: '字节不是有效交易，请重新编码。' },
  wrong_chain: { number: 2, en: 'Signed for another chain.', zh: '该交易是为另一条链签名的。' },
  unknown_member: {
    number: 3,
    en: 'No such active member. Ask the members to register it.',
    zh: '没有该有效成员，请成员先登记。',
  },
  bad_signature: {
    number: 4,
    en: 'The signature is wrong. Sign with the registered key.',
    zh: '签名错误，请使用已登记的密钥签名。',
  },
  nonce_used: {
    number: 5,
    en: 'The nonce is used or too far ahead. Read the next one.',
    zh: '序号已用或超前，请重新读取。',
  },
  key_unsound: { number: 6, en: 'Not a sound key of this kind.', zh: '密钥不合格或类型不符。' },
  name_taken: { number: 7, en: 'The name is taken.', zh: '名称已被占用。' },
  already_voted: { number: 8, en: 'This member has voted for it.', zh: '该成员已投票。' },
  unknown_log: { number: 9, en: 'No such log. Register it first.', zh: '没有该日志，请先登记。' },
  log_frozen: {
    number: 10,
    en: 'The log is frozen after equivocation. Begin a new one.',
    zh: '日志因分叉已冻结，请启用新日志。',
  },
  checkpoint_bad: { number: 11, en: 'Not a checkpoint that the log has signed.', zh: '不是该日志签名的检查点。' },
  checkpoint_old: { number: 12, en: 'The chain has this size or a larger one.', zh: '链上已有同等或更大的检查点。' },
  proof_wrong: {
    number: 13,
    en: 'The proof does not lead from the head on the chain. Prove from it.',
    zh: '证明与链上检查点不相接，请从链上检查点起证明。',
  },
  no_equivocation: { number: 14, en: 'The two checkpoints do not contradict one another.', zh: '两个检查点并不矛盾。' },
  not_owner: { number: 15, en: 'Only its owner may do this.', zh: '只有所有者可以这样做。' },
  unknown_job: { number: 16, en: 'No such job.', zh: '没有该任务。' },
  not_party: { number: 17, en: 'Not a party of this job.', zh: '不是该任务的参与方。' },
  job_state: { number: 18, en: 'The job is not in the state for this.', zh: '任务状态不允许此操作。' },
  plan_differs: { number: 19, en: 'Another plan than the one that was opened.', zh: '计划与已公布的不一致。' },
  not_approved: { number: 20, en: 'Not every party has approved.', zh: '并非所有参与方都已批准。' },
  input_unproven: {
    number: 21,
    en: 'An input is not under a checkpoint of its party.',
    zh: '输入未被该方检查点覆盖。',
  },
  consent_frozen: { number: 22, en: 'The consent to an input is frozen.', zh: '输入对应的同意已被冻结。' },
  parameter_unknown: {
    number: 23,
    en: 'No such parameter, or a value outside its bounds.',
    zh: '没有该参数或取值越界。',
  },
  validator_convicted: {
    number: 25,
    en: 'This key has signed two blocks of one height and never votes again. Make the validator a new one.',
    zh: '该密钥曾在同一高度签署两个区块，不得再投票。请为验证者更换新密钥。',
  },
  last_validator: { number: 26, en: 'The last validator stays.', zh: '最后一个验证者不能移除。' },
  limit: { number: 24, en: 'More than a limit allows.', zh: '超出上限。' },
} as const;

export type RefusalCode = keyof typeof refusals;

/** A transaction that changes nothing; `detail` is for the person who looks into it. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  constructor(code: RefusalCode, detail = '') {
    super(detail === '' ? code : `${code}: ${detail}`);
    this.name = 'Refusal';
    this.code = code;
  }
}

/** The name of a number that a node answers. */
export function refusalOf(number: number): RefusalCode | undefined {
  for (const [code, { number: own }] of Object.entries(refusals)) if (own === number) return code as RefusalCode;
  return undefined;
}
