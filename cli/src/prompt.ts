import { isCancel, password as askPassword, text as askText } from '@clack/prompts';
import { exit, Stop } from './exit.ts';
import type { Output } from './output.ts';

/** Asks a person; without a terminal it stops and says which option or variable to use instead. */
export async function ask(output: Output, message: { en: string; zh: string }, instead: string): Promise<string> {
  return answered(output, instead, () => askText({ message: output.pick(message), output: process.stderr }));
}

/** Asks for a secret without showing it. */
export async function askSecret(output: Output, message: { en: string; zh: string }, instead: string): Promise<string> {
  return answered(output, instead, () => askPassword({ message: output.pick(message), output: process.stderr }));
}

async function answered(output: Output, instead: string, put: () => Promise<string | symbol>): Promise<string> {
  if (!output.interactive) {
    throw new Stop(
      exit.usage,
      output.pick({ en: `Nobody is there to ask: give ${instead}.`, zh: `非交互环境，请提供 ${instead}。` }),
    );
  }
  const answer = await put();
  if (isCancel(answer) || typeof answer !== 'string')
    throw new Stop(exit.usage, output.pick({ en: 'Cancelled; nothing was done.', zh: '已取消，未作任何更改。' }));
  return answer;
}
