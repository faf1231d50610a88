import type { LedgerAlarm } from '@geneward/api';
import type { Text } from '@geneward/metadata';

const restore: Text = {
  en: 'Find the database that belongs to the head file. If an intruder may have changed it, keep both for the investigation: docs/ledger.md, "When signing has stopped".',
  zh: '请找出与 head 文件对应的数据库。若可能遭到篡改，请保留两者以备调查，见 docs/ledger.md。',
};
const recover: Text = {
  en: 'Restore a newer backup; or accept the loss with "geneward-server recover-ledger": the missing entries come back from the log’s files, without their statements.',
  zh: '请恢复更新的备份；或运行 “geneward-server recover-ledger” 接受损失：缺失的条目将从日志文件中恢复，但不含具体内容。',
};

const texts: Readonly<Record<LedgerAlarm['code'], { text: Text; mend: Text }>> = {
  rolled_back: {
    text: {
      en: 'The database is older than what the log has signed: a backup was restored. Acts are kept waiting, nothing is signed.',
      zh: '数据库早于日志已签署的内容：恢复了旧备份。新操作暂存等待，停止签署。',
    },
    mend: recover,
  },
  forked: {
    text: {
      en: 'The database holds another history than the one that was signed. Acts are kept waiting, nothing is signed.',
      zh: '数据库中的历史与已签署的历史不一致。新操作暂存等待，停止签署。',
    },
    mend: restore,
  },
  head_unreadable: {
    text: {
      en: 'The head file is not signed by the key of this log: the key or the file was exchanged.',
      zh: 'head 文件并非由本日志密钥签署：密钥或文件被替换。',
    },
    mend: {
      en: 'Put back the key "keys/ledger.pem" and the file "ledger/head" of the same installation.',
      zh: '请恢复同一安装的密钥 keys/ledger.pem 与文件 ledger/head。',
    },
  },
  origin_changed: {
    text: {
      en: 'The log has another name than before: the key was exchanged, or ledger.origin was changed after the first start.',
      zh: '日志名称与以前不同：密钥被替换，或首次启动后修改了 ledger.origin。',
    },
    mend: {
      en: 'Put back the key "keys/ledger.pem" and the setting ledger.origin of the first start.',
      zh: '请恢复密钥 keys/ledger.pem 以及首次启动时的 ledger.origin 设置。',
    },
  },
  witness_ahead: {
    text: {
      en: 'A witness has seen a longer log than this one: database and head file are both old.',
      zh: '见证方看到的日志比本地更长：数据库与 head 文件均为旧版本。',
    },
    mend: restore,
  },
  witness_disagrees: {
    text: {
      en: 'A witness has seen another history of the same length.',
      zh: '见证方看到的同长度日志与本地不一致。',
    },
    mend: restore,
  },
  chain_ahead: {
    text: {
      en: 'The consortium chain has accepted a longer log than this one: database and head file are both old, or a copy of the installation runs elsewhere.',
      zh: '联盟链已接受的日志比本地更长：数据库与 head 文件均为旧版本，或另有一份安装在运行。',
    },
    mend: restore,
  },
  chain_disagrees: {
    text: {
      en: 'The consortium chain has accepted another history of this log.',
      zh: '联盟链已接受的本日志历史与本地不一致。',
    },
    mend: restore,
  },
  chain_frozen: {
    text: {
      en: 'The consortium chain has frozen this log: somebody has shown two of its checkpoints that contradict one another.',
      zh: '联盟链已冻结本日志：有人出示了相互矛盾的两个检查点。',
    },
    mend: {
      en: 'Find out who signed with the key of the log. The log stays frozen; another one is begun under a new origin, and the break stays visible: docs/operate/consortium.md.',
      zh: '请查明何人使用了日志密钥签署。本日志将保持冻结，须以新名称另建日志，中断处永久可见，见 docs/operate/consortium.md。',
    },
  },
};

/** An alarm with what it means and the way out. */
export const alarm = (code: LedgerAlarm['code'], missing?: LedgerAlarm['missing']): LedgerAlarm => ({
  code,
  ...texts[code],
  ...(missing && { missing }),
});
