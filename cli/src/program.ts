import { Command, Option } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { admin } from './commands/admin.ts';
import { checklist } from './commands/checklist.ts';
import { comment } from './commands/comment.ts';
import { completion } from './commands/completion.ts';
import { crypt4gh } from './commands/crypt4gh.ts';
import { files } from './commands/files.ts';
import { get } from './commands/get.ts';
import { lineage } from './commands/lineage.ts';
import { log } from './commands/log.ts';
import { login } from './commands/login.ts';
import { mirror } from './commands/mirror.ts';
import { monitor } from './commands/monitor.ts';
import { notices } from './commands/notices.ts';
import { objects } from './commands/objects.ts';
import { receipt } from './commands/receipt.ts';
import { job } from './commands/job.ts';
import { party } from './commands/party.ts';
import { review } from './commands/review.ts';
import { search } from './commands/search.ts';
import { sshKeys } from './commands/ssh-keys.ts';
import { status } from './commands/status.ts';
import { submit } from './commands/submit.ts';
import { supervise } from './commands/supervise.ts';
import { taxonomy } from './commands/taxonomy.ts';
import { template } from './commands/template.ts';
import { validate } from './commands/validate.ts';
import { verify } from './commands/verify.ts';
import { virus } from './commands/virus.ts';
import { witness } from './commands/witness.ts';
import { exit } from './exit.ts';

/** The whole command line, one file per verb. */
export function createProgram(): Command {
  const program = new Command('geneward')
    .description('Geneward: submit, review, find and fetch life-science data 提交、审核、检索与获取生命科学数据')
    .version(manifest.version)
    .option('--json', 'one JSON value on standard output 以 JSON 输出')
    .addOption(new Option('--lang <language>', 'language of messages 语言').choices(['en', 'zh']))
    .option('--server <address>', 'another installation than the one signed in to 指定服务器')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride((error) => process.exit(error.exitCode === 0 ? exit.done : exit.usage))
    .addHelpText('after', environmentHelp);
  for (const register of [
    login,
    validate,
    submit,
    status,
    comment,
    files,
    notices,
    sshKeys,
    template,
    get,
    search,
    review,
    objects,
    lineage,
    log,
    receipt,
    verify,
    witness,
    mirror,
    monitor,
    supervise,
    checklist,
    taxonomy,
    crypt4gh,
    job,
    party,
    virus,
    admin,
    completion,
  ])
    register(program);
  return program;
}

const environmentHelp = `
Environment 环境变量:
  GENEWARD_URL       address of the installation 服务器地址
  GENEWARD_TOKEN     API token 令牌
  GENEWARD_PASSWORD  password for "login" 登录密码
  GENEWARD_LANG      en | zh
  GENEWARD_HOME      where the session is kept 会话文件目录

Exit codes 退出码:
  0 done 完成   1 faults in the input 输入有误   2 wrong usage 用法错误
  3 refused 被拒绝   4 server unreachable or busy 服务器不可达   5 internal 内部错误`;
