import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { application, serveAbci } from '@geneward/chain-app';

// An application that throws dice where all must say the same: what a hidden clock or an unordered set would do.
const { values } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: { home: { type: 'string' }, listen: { type: 'string' } },
});
const app = application({ home: String(values.home) });
await serveAbci(
  {
    ...app,
    finalizeBlock: (block) => ({ ...app.finalizeBlock(block), appHash: new Uint8Array(randomBytes(32)) }),
  },
  String(values.listen),
  (error) => {
    throw error;
  },
);
console.log('listening');
