import { filesRoutes } from '@geneward/api';
import { action } from '../command.ts';

/** Says the key of the archive. Apart from its command, which is the only one of its group that needs the contract. */
export const archiveKey = action(async ({ client, output }) => {
  const key = await client().call(filesRoutes.getDepositKey, {});
  output.result(key, ({ file }) => file.trimEnd());
});
