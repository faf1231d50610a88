import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The libraries are pure: what the pages do not use of them is left out. */
const treeshake = {
  moduleSideEffects: [{ test: /\/libs\/(metadata|formats|mpc|phylo)\/src\//, sideEffects: false }],
};

/** Pages are built to `dist`, which the server serves; `npm run dev -w web` passes the API on to a running server. */
export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      // What seldom changes stays in the reader's cache when we do.
      output: {
        // Before zod makes its first schema: it must not try whether it may make functions of text, which the policy forbids.
        banner: '(globalThis.__zod_globalConfig ??= {}).jitless = true;',
        codeSplitting: {
          groups: [{ name: 'vendor', test: /node_modules\/(react|react-dom|@tanstack|zod|i18next|react-i18next)\// }],
        },
      },
      treeshake,
    },
  },
  worker: { format: 'es', rolldownOptions: { treeshake } },
  server: { proxy: { '/api': process.env['GENEWARD_URL'] ?? 'http://127.0.0.1:8470' } },
});
