import type { Command } from 'commander';
import { bareProgram } from './bare-program.ts';
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

/** The whole command line, one file per verb. */
export function createProgram(): Command {
  const program = bareProgram();
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
