import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Hex } from 'viem';

/** The compiler that the lock file pins; it ships no types. */
interface Solc {
  compile(input: string): string;
}

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts?: Readonly<
    Record<string, Readonly<Record<string, { readonly evm: { readonly bytecode: { readonly object: string } } }>>>
  >;
}

const file = 'CheckpointRegistry.sol';

/**
 * Compiles the contract for the instructions of Paris, which every chain in question has (FISCO BCOS and older Besu networks lack PUSH0).
 * @throws Error with what the compiler says
 */
export function compileRegistry(): Hex {
  const solc = createRequire(import.meta.url)('solc') as Solc;
  const output = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: 'Solidity',
        sources: { [file]: { content: readFileSync(new URL(file, import.meta.url), 'utf8') } },
        settings: {
          evmVersion: 'paris',
          optimizer: { enabled: true, runs: 10_000 },
          outputSelection: { '*': { '*': ['evm.bytecode.object'] } },
        },
      }),
    ),
  ) as Output;
  const faults = output.errors?.filter(({ severity }) => severity === 'error') ?? [];
  const code = output.contracts?.[file]?.['CheckpointRegistry']?.evm.bytecode.object;
  if (faults.length > 0 || !code) throw new Error(faults.map((fault) => fault.formattedMessage).join('\n'));
  return `0x${code}`;
}
