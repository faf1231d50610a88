import { readFileSync } from 'node:fs';
import { createPublicClient, createWalletClient, defineChain, http, isHex, type Address } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { deployRegistry } from './registry.ts';

/**
 * Puts the contract on the chain of a node.
 * @param keyFile file with the secret key of an account that may pay for it
 * @returns its address
 */
export async function putContract(node: string, keyFile: string): Promise<Address> {
  const secret = readFileSync(keyFile, 'utf8').trim();
  if (!isHex(secret)) throw new Error(`${keyFile} holds no key of an account: 0x and 64 hexadecimal digits`);
  const transport = http(node);
  const id = await createPublicClient({ transport }).getChainId();
  const nativeCurrency = { name: 'coin', symbol: 'COIN', decimals: 18 };
  const chain = defineChain({ id, name: `chain ${id}`, nativeCurrency, rpcUrls: { default: { http: [node] } } });
  const wallet = createWalletClient({ chain, transport, account: privateKeyToAccount(secret) });
  return deployRegistry(wallet, createPublicClient({ chain, transport, pollingInterval: 500 }));
}
