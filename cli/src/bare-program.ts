import { Command, Option } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { exit } from './exit.ts';

/** The command line with the options that all commands share, and no command yet. */
export function bareProgram(): Command {
  return new Command('geneward')
    .description('Geneward: submit, review, find and fetch life-science data 提交、审核、检索与获取生命科学数据')
    .version(manifest.version)
    .option('--json', 'one JSON value on standard output 以 JSON 输出')
    .addOption(new Option('--lang <language>', 'language of messages 语言').choices(['en', 'zh']))
    .option('--server <address>', 'another installation than the one signed in to 指定服务器')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride((error) => process.exit(error.exitCode === 0 ? exit.done : exit.usage))
    .addHelpText('after', environmentHelp);
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
