import { portableSha256, utf8, type TreeHead } from '@geneward/merkle';
import {
  bytesToHex,
  hexToBytes,
  parseAbi,
  type Account,
  type Address,
  type Chain,
  type Hash,
  type PublicClient,
  type Transport,
  type WalletClient,
} from 'viem';
import { compileRegistry } from './compile.ts';

const abi = parseAbi([
  'function begin(bytes32 log)',
  'function changeOwner(bytes32 log, address owner)',
  'function submit(bytes32 log, uint64 size, bytes32 root, bytes32[] proof)',
  'function consistent(uint64 first, bytes32 firstRoot, uint64 second, bytes32 secondRoot, bytes32[] proof) view returns (bool)',
  'function included(bytes32 log, uint64 index, bytes32 leaf, bytes32[] proof) view returns (bool)',
  'function headOf(bytes32 log) view returns (uint64 size, uint64 blockNumber, bytes32 root)',
  'function ownerOf(bytes32 log) view returns (address)',
  'error Taken()',
  'error NotOwner()',
  'error NotNewer(uint64 size)',
  'error WrongProof()',
]);

type Wallet = WalletClient<Transport, Chain, Account>;

/** The contract's heads of logs, as an institution uses them. Refusals are thrown by viem and name the contract's error. */
export interface Registry {
  readonly address: Address;
  /** Makes the sender the owner of a log. */
  begin(origin: string): Promise<void>;
  changeOwner(origin: string, owner: Address): Promise<void>;
  /** Hands in a head with the proof from the one before. @returns what it cost, in gas */
  submit(origin: string, head: TreeHead, proof: readonly Uint8Array[]): Promise<bigint>;
  /** The accepted head; undefined when the log was never begun. */
  head(origin: string): Promise<(TreeHead & { readonly block: bigint }) | undefined>;
  consistent(first: TreeHead, second: TreeHead, proof: readonly Uint8Array[]): Promise<boolean>;
  included(origin: string, index: bigint, leaf: Uint8Array, proof: readonly Uint8Array[]): Promise<boolean>;
}

const logId = (origin: string) => bytesToHex(portableSha256(utf8(origin)));
const zero: Address = '0x0000000000000000000000000000000000000000';

/** Puts the contract on a chain. @returns its address */
export async function deployRegistry(wallet: Wallet, reader: PublicClient): Promise<Address> {
  const hash = await wallet.deployContract({ abi, bytecode: compileRegistry() });
  const { contractAddress } = await settled(reader, hash);
  if (!contractAddress) throw new Error('the chain made no contract');
  return contractAddress;
}

export function registry(address: Address, wallet: Wallet, reader: PublicClient): Registry {
  const { account } = wallet;
  const on = { address, abi, account } as const;
  return {
    address,
    async begin(origin) {
      const { request } = await reader.simulateContract({ ...on, functionName: 'begin', args: [logId(origin)] });
      await settled(reader, await wallet.writeContract(request));
    },
    async changeOwner(origin, owner) {
      const args = [logId(origin), owner] as const;
      const { request } = await reader.simulateContract({ ...on, functionName: 'changeOwner', args });
      await settled(reader, await wallet.writeContract(request));
    },
    async submit(origin, { size, root }, proof) {
      const args = [logId(origin), size, bytesToHex(root), proof.map((hash) => bytesToHex(hash))] as const;
      const { request } = await reader.simulateContract({ ...on, functionName: 'submit', args });
      const { gasUsed } = await settled(reader, await wallet.writeContract(request));
      return gasUsed;
    },
    async head(origin) {
      const args = [logId(origin)] as const;
      if ((await reader.readContract({ address, abi, functionName: 'ownerOf', args })) === zero) return undefined;
      const [size, block, root] = await reader.readContract({ address, abi, functionName: 'headOf', args });
      return { size, block, root: hexToBytes(root) };
    },
    consistent: (first, second, proof) =>
      reader.readContract({
        address,
        abi,
        functionName: 'consistent',
        args: [
          first.size,
          bytesToHex(first.root),
          second.size,
          bytesToHex(second.root),
          proof.map((hash) => bytesToHex(hash)),
        ],
      }),
    included: (origin, index, leaf, proof) =>
      reader.readContract({
        address,
        abi,
        functionName: 'included',
        args: [logId(origin), index, bytesToHex(leaf), proof.map((hash) => bytesToHex(hash))],
      }),
  };
}

async function settled(reader: PublicClient, hash: Hash) {
  const receipt = await reader.waitForTransactionReceipt({ hash });
  if (receipt.status !== 'success') throw new Error(`the chain refused ${hash}`);
  return receipt;
}
