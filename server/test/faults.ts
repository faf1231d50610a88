import type { Growing, Storage } from '../src/platform/blobs.ts';
import { Problem } from '../src/platform/problem.ts';

/** A store whose disk is full once so many bytes of one write have come, as the system tells it. */
export function fullAfter(blobs: Storage, bytes: number): Storage {
  const full = () =>
    new Problem('storage_full', {
      cause: Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }),
    });
  const filling = (growing: Growing): Growing => {
    let sum = 0;
    return {
      ...growing,
      async push(chunk) {
        sum += chunk.length;
        if (sum > bytes) throw full();
        await growing.push(chunk);
      },
    };
  };
  return {
    ...blobs,
    grow: async (key, options) => filling(await blobs.grow(key, options)),
    async put(key, source, options) {
      async function* until(): AsyncGenerator<Uint8Array> {
        let sum = 0;
        for await (const chunk of source) {
          sum += chunk.length;
          if (sum > bytes) throw full();
          yield chunk;
        }
      }
      return blobs.put(key, until(), options);
    },
  };
}
