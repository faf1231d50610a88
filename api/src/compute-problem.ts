import { defineProblems } from './problem.ts';

/** What the use cases of joint analyses refuse, and why. */
export const computeProblems = defineProblems({
  party_taken: {
    status: 409,
    title: { en: 'This name or certificate is registered already', zh: '该名称或证书已被登记' },
    hint: { en: 'Retire the other party first, or take another name.', zh: '请先停用原参与方，或更换名称。' },
  },
  party_unproven: {
    status: 422,
    title: { en: 'The signature does not prove the key of this certificate', zh: '签名不能证明持有该证书的密钥' },
    hint: {
      en: 'Register with "geneward party register", which signs with the key of the certificate; it must be an ECDSA P-256 one that is still valid.',
      zh: '请使用 “geneward party register” 登记，该命令以证书密钥签名；证书须为有效期内的 ECDSA P-256 证书。',
    },
  },
  party_unknown: {
    status: 422,
    title: { en: 'No party "{party}" with this certificate is registered', zh: '没有登记持此证书的参与方“{party}”' },
    hint: {
      en: 'Ask the institution to register it, or correct name and fingerprint in the specification.',
      zh: '请该机构先登记，或更正任务规格中的名称与指纹。',
    },
  },
  too_many_offers: {
    status: 409,
    title: { en: 'A party offers at most {limit} sets', zh: '每个参与方最多登记 {limit} 项' },
    hint: { en: 'Take one back first.', zh: '请先撤回一项。' },
  },
  job_of_others: {
    status: 422,
    title: { en: 'Your institution is no party of this job', zh: '贵机构不是该任务的参与方' },
    hint: { en: 'Only who takes part puts a job before the others.', zh: '只有参与方可以提交任务。' },
  },
  party_of_one_organisation: {
    status: 422,
    title: { en: 'One institution stands twice among the parties', zh: '同一机构在参与方中出现两次' },
    hint: {
      en: 'Parties must be different institutions: what protects them from each other would protect nobody.',
      zh: '参与方须为不同机构，否则相互保护不成立。',
    },
  },
  recipient_unknown: {
    status: 422,
    title: { en: 'There is no organisation "{code}"', zh: '没有机构“{code}”' },
    hint: { en: 'Name recipients by the codes of organisations here.', zh: '请使用本系统中的机构代码。' },
  },
  job_exists: {
    status: 409,
    title: { en: 'This very specification was put before the parties already', zh: '该任务规格已提交过' },
    hint: { en: 'Compose it anew: a fresh nonce makes it another job.', zh: '请重新编制，新的随机数即为新任务。' },
  },
  job_transition_refused: {
    status: 409,
    title: { en: 'A job that is {state} does not take "{act}"', zh: '处于 {state} 状态的任务不能执行“{act}”' },
    hint: { en: 'Read the job again.', zh: '请重新读取该任务。' },
  },
  job_not_approved: {
    status: 409,
    title: { en: 'Not everybody has approved yet: {parties}', zh: '尚有参与方未批准：{parties}' },
    hint: { en: 'A committee member of each institution approves.', zh: '需各机构的委员会成员批准。' },
  },
  specification_differs: {
    status: 409,
    title: { en: 'This is not the specification that you name', zh: '与所指任务规格不一致' },
    hint: {
      en: 'Read the job and check its hash against your own copy.',
      zh: '请重新读取任务，并与自己的副本核对哈希值。',
    },
  },
  explanation_differs: {
    status: 409,
    title: {
      en: 'What this job lets anybody learn is told otherwise than what you read',
      zh: '各方将得知的内容与您所读的不一致',
    },
    hint: { en: 'Read it again before you approve.', zh: '请重新阅读后再批准。' },
  },
  consent_frozen: {
    status: 409,
    title: { en: 'A consent that the job stands on is frozen', zh: '该任务所依据的同意已被冻结' },
    hint: {
      en: 'Ask the committee of the institution that froze it. A frozen consent stays so.',
      zh: '请咨询冻结该同意的机构委员会。冻结不可撤销。',
    },
  },
  statement_unproven: {
    status: 422,
    title: {
      en: 'The statement is not signed by this party, or is about another job',
      zh: '声明未由该参与方签署，或属于其他任务',
    },
    hint: {
      en: 'It must be signed with the key of the certificate in the job.',
      zh: '须使用任务中证书对应的密钥签署。',
    },
  },
  receipt_wrong: {
    status: 422,
    title: { en: 'The receipt does not prove the job: {reason}', zh: '回执无法证明该任务：{reason}' },
    hint: { en: 'Check it with "geneward job verify".', zh: '请用 “geneward job verify” 核验。' },
  },
  job_not_sealed: {
    status: 409,
    title: { en: 'The job is not sealed', zh: '任务尚未封存' },
    hint: { en: 'Wait until the parties have handed in their receipt.', zh: '请等待参与方提交回执。' },
  },
  result_not_agreed: {
    status: 409,
    title: { en: 'The parties did not agree to hand the result to the platform', zh: '各方未约定向平台提交结果' },
    hint: { en: 'A specification with "outputs" says so.', zh: '需在任务规格中写明 “outputs”。' },
  },
  result_differs: {
    status: 422,
    title: { en: 'These bytes are not the result that the parties signed', zh: '该内容不是各方签署的结果' },
    hint: { en: 'Send the canonical JSON of result.json.', zh: '请提交 result.json 的规范 JSON。' },
  },
  result_too_large: {
    status: 413,
    title: { en: 'The result is larger than {limit} bytes', zh: '结果超过 {limit} 字节' },
    hint: { en: 'It stays with the parties; its hash is sealed.', zh: '结果由参与方保存，其哈希值已封存。' },
  },
  result_not_here: {
    status: 409,
    title: { en: 'The platform does not have the result', zh: '平台没有该结果' },
    hint: { en: 'Ask a party of the job for it.', zh: '请向任务参与方索取。' },
  },
  too_many_streams: {
    status: 429,
    title: { en: 'You watch too many jobs at once', zh: '同时观看的任务过多' },
    hint: { en: 'Close a stream first.', zh: '请先关闭一个事件流。' },
  },
});
