import type { LedgerLevel } from '@geneward/api';
import type { Text } from '@geneward/metadata';
import type { LogErrorCode } from '@geneward/merkle';

/** What a level says, and what it does not. L0 proves nothing against who runs the log. */
export const levelWords: Readonly<Record<LedgerLevel, Text>> = {
  pending: { en: 'not signed yet', zh: '尚未签署' },
  L0: {
    en: 'signed by the log alone: who runs the log could still rewrite it, or show others another history',
    zh: '仅由日志自身签署：日志运营者仍可能改写，或向他人展示另一历史',
  },
  L1: {
    en: 'seen by a quorum of witnesses: rewriting it needs their help too',
    zh: '已由法定数量的见证方确认：改写须有见证方配合',
  },
  L2: {
    en: 'made final by the validators of the consortium chain: rewriting it needs more than a third of them to lie',
    zh: '已由联盟链验证者最终确认：改写须有超过三分之一的验证者作假',
  },
  L3: {
    en: 'its head was also accepted by a chain outside of the consortium; whoever doubts looks there: geneward verify --evm',
    zh: '所在日志头已被联盟以外的链接受；可用 geneward verify --evm 自行到该链核对',
  },
};

/** What a receipt says of a head on a chain outside, and whether somebody looked. */
export const anchorWords = (it: {
  readonly chainId: string;
  readonly contract: string;
  readonly transaction: string;
  readonly size: string;
  readonly lookedUp: boolean;
}): Text => {
  const where = `${it.chainId} ${it.contract} ${it.transaction}`;
  return it.lookedUp
    ? { en: `found on chain ${where}: head of ${it.size} entries`, zh: `已在链 ${where} 上核对：${it.size} 条的日志头` }
    : {
        en: `names a head of ${it.size} entries on chain ${where}; a file cannot prove that: --evm and --contract look there`,
        zh: `声称 ${it.size} 条的日志头在链 ${where} 上；文件本身不能证明，请用 --evm 与 --contract 到链上核对`,
      };
};

/** Why a receipt is not believed, and what to do. */
export const refusalWords: Partial<Readonly<Record<LogErrorCode | 'anchor_wrong', Text>>> = {
  not_signed: {
    en: 'No log of the policy has signed this. Is it the policy for this archive?',
    zh: '并非由策略中的日志签署。请确认策略文件是否属于该档案库。',
  },
  bad_signature: { en: 'A signature is wrong: the file was changed, or forged.', zh: '签名错误：文件被改动或伪造。' },
  proof_wrong: { en: 'The act is not in the log where the receipt says.', zh: '日志中的相应位置并无该操作。' },
  commitment_wrong: {
    en: 'The statement in the receipt is not the one that was logged.',
    zh: '回执中的内容与日志记录不一致。',
  },
  proof_malformed: { en: 'This is no receipt, or it was cut.', zh: '文件不是回执，或已截断。' },
  cose_malformed: {
    en: 'This is no receipt in COSE, or it was cut or changed.',
    zh: '文件不是 COSE 回执，或已截断、改动。',
  },
  policy_malformed: { en: 'The policy file cannot be read.', zh: '策略文件无法读取。' },
  anchor_wrong: {
    en: 'The chain outside has not accepted the head that the receipt names, or another contract has.',
    zh: '该链的受信任合约并未接受回执所称的日志头。',
  },
  quorum_missing: {
    en: 'Fewer witnesses have seen this than the policy asks for. Fetch the receipt again later.',
    zh: '见证方数量少于策略要求，请稍后重新获取回执。',
  },
};
