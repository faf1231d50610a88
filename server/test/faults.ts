import type { Storage } from '../src/platform/blobs.ts';
import { Problem } from '../src/platform/problem.ts';

/** A store whose disk is full once so many bytes of one write have come, as the system tells it. */
export function fullAfter(blobs: Storage, bytes: number): Storage {
  return {
    ...blobs,
    async put(key, source, options) {
      async function* until(): AsyncGenerator<Uint8Array> {
        let sum = 0;
        for await (const chunk of source) {
          sum += chunk.length;
          if (sum > bytes)
            throw new Problem('storage_full', {
              cause: Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }),
            });
          yield chunk;
        }
      }
      return blobs.put(key, until(), options);
    },
  };
}
