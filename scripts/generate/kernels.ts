import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import wabt from 'wabt';
import { root } from '../process.ts';

/** The texts of the kernels, and what their modules are called. */
const kernels: Readonly<Record<string, string>> = {
  'libs/formats/src/fastq/scan.wat': 'scanWasm',
  'libs/mpc/src/field/p61.wat': 'p61Wasm',
};

/** WebAssembly kernels from their text, as modules that need no file at run time. */
export async function kernelFiles(): Promise<Record<string, string>> {
  const toolkit = await wabt();
  const file = ([source, name]: [string, string]): [string, string] => {
    const parsed = toolkit.parseWat(source, readFileSync(join(root, source), 'utf8'));
    const { buffer } = parsed.toBinary({});
    parsed.destroy();
    const base64 = Buffer.from(buffer).toString('base64');
    const lines = (base64.match(/.{1,110}/g) ?? []).map((line) => `  '${line}',`).join('\n');
    const text = `/** Made from ${source.split('/').at(-1)} by \`npm run generate\`. */\nexport const ${name} = [\n${lines}\n].join('');\n`;
    return [source.replace(/wat$/, 'wasm.ts'), text];
  };
  return Object.fromEntries(Object.entries(kernels).map(file));
}
