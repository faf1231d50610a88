import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import wabt from 'wabt';
import { root } from '../process.ts';

/** WebAssembly kernels from their text, as modules that need no file at run time. */
export async function kernelFiles(): Promise<Record<string, string>> {
  const source = 'libs/mpc/src/field/p61.wat';
  const toolkit = await wabt();
  const parsed = toolkit.parseWat(source, readFileSync(join(root, source), 'utf8'));
  const { buffer } = parsed.toBinary({});
  parsed.destroy();
  const base64 = Buffer.from(buffer).toString('base64');
  const lines = (base64.match(/.{1,110}/g) ?? []).map((line) => `  '${line}',`).join('\n');
  return {
    'libs/mpc/src/field/p61.wasm.ts': `/** Made from p61.wat by \`npm run generate\`. */\nexport const p61Wasm = [\n${lines}\n].join('');\n`,
  };
}
