import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatVerifierKey, keyTypes, toBase64 } from '@geneward/merkle';
import { createNetwork, type Network, type NetworkOptions } from '../../deploy/consortium/network.ts';
import { publicKeyOf, seedOf } from '../../libs/chain/src/test/sample-log.ts';

/** Four institutions, each with one validator; keys follow from the names. */
export const members = ['north', 'south', 'east', 'west'];
const cosignerName = (member: string): string => `${member}.example/validator`;
/** Verifier key of the cosigner of a member's validator. */
export const cosignerKey = (member: string): string =>
  formatVerifierKey({
    name: cosignerName(member),
    type: keyTypes.cosignature,
    publicKey: publicKeyOf(`cosigner ${member}`),
  });

/** Real nodes of a chain of the four, in an empty folder; nothing is started yet. */
export function trialNetwork(
  folder: string,
  chainId: string,
  options: Pick<NetworkOptions, 'snapshotEvery'> = {},
): Promise<Network> {
  mkdirSync(folder, { recursive: true });
  return createNetwork({
    folder: join(folder, 'nodes'),
    chainId,
    genesis: { members: members.map((id) => ({ id, publicKey: publicKeyOf(id), cosigner: cosignerKey(id) })) },
    cosigners: members.map((member) => {
      const seedFile = join(folder, `${member}.cosigner`);
      writeFileSync(seedFile, toBase64(seedOf(`cosigner ${member}`)));
      return { name: cosignerName(member), seedFile };
    }),
    pause: '200ms',
    ...options,
  });
}
