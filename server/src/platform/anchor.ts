import { readFileSync } from 'node:fs';
import { portableSha256, utf8, type TreeHead } from '@geneward/merkle';
import {
  bytesToHex,
  createPublicClient,
  createWalletClient,
  defineChain,
  hexToBytes,
  http,
  isHex,
  parseAbi,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';

/** The part of `CheckpointRegistry.sol` that an installation speaks. */
const abi = parseAbi([
  'function begin(bytes32 log)',
  'function submit(bytes32 log, uint64 size, bytes32 root, bytes32[] proof)',
  'function headOf(bytes32 log) view returns (uint64 size, uint64 blockNumber, bytes32 root)',
  'function ownerOf(bytes32 log) view returns (address)',
  'error Taken()',
  'error NotOwner()',
  'error NotNewer(uint64 size)',
  'error WrongProof()',
]);
const nobody = '0x0000000000000000000000000000000000000000';

/** Where a head was laid down. */
export interface Anchored {
  readonly chainId: bigint;
  readonly contract: string;
  readonly transaction: string;
  readonly block: bigint;
}

/** A contract on an EVM chain that keeps heads of logs: a place outside of the consortium. Asked from the background only. */
export interface AnchorChain {
  /** The head that the contract has; undefined when the log was never begun there. Throws when the chain is not reached. */
  head(origin: string): Promise<TreeHead | undefined>;
  /** Lays a head down, with the proof from the one that is there; begins the log at the first time. */
  lay(origin: string, head: TreeHead, proof: readonly Uint8Array[]): Promise<Anchored>;
}

/**
 * @param keyFile file with the secret key of the account that speaks for the log: 32 bytes in hexadecimal digits
 * @throws Error when key or address cannot be read
 */
export async function openAnchor(given: { node: string; contract: string; keyFile: string }): Promise<AnchorChain> {
  const secret = readFileSync(given.keyFile, 'utf8').trim();
  const { contract: address } = given;
  if (!isHex(secret) || !isHex(address)) throw new Error('the key and the contract begin with 0x');
  const transport = http(given.node, { retryCount: 1, timeout: 10_000 });
  const chainId = await createPublicClient({ transport }).getChainId();
  const chain = defineChain({
    id: chainId,
    name: `chain ${chainId}`,
    nativeCurrency: { name: 'coin', symbol: 'COIN', decimals: 18 },
    rpcUrls: { default: { http: [given.node] } },
  });
  const reader = createPublicClient({ chain, transport, pollingInterval: 500 });
  const account = privateKeyToAccount(secret);
  const wallet = createWalletClient({ chain, transport, account });
  const logOf = (origin: string) => bytesToHex(portableSha256(utf8(origin)));
  const on = { address, abi, account } as const;
  const head = async (origin: string): Promise<TreeHead | undefined> => {
    const args = [logOf(origin)] as const;
    if ((await reader.readContract({ address, abi, functionName: 'ownerOf', args })) === nobody) return undefined;
    const [size, , root] = await reader.readContract({ address, abi, functionName: 'headOf', args });
    return { size, root: hexToBytes(root) };
  };
  const settled = async (hash: `0x${string}`) => {
    const receipt = await reader.waitForTransactionReceipt({ hash });
    if (receipt.status !== 'success') throw new Error(`the chain refused ${hash}`);
    return receipt;
  };
  return {
    head,
    async lay(origin, { size, root }, proof) {
      const log = logOf(origin);
      if (!(await head(origin))) {
        const { request } = await reader.simulateContract({ ...on, functionName: 'begin', args: [log] });
        await settled(await wallet.writeContract(request));
      }
      const args = [log, size, bytesToHex(root), proof.map((hash) => bytesToHex(hash))] as const;
      const { request } = await reader.simulateContract({ ...on, functionName: 'submit', args });
      const { transactionHash, blockNumber } = await settled(await wallet.writeContract(request));
      return { chainId: BigInt(chainId), contract: address, transaction: transactionHash, block: blockNumber };
    },
  };
}
