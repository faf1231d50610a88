import * as node from 'node:crypto';
import { filesRoutes, type CallReply } from '@geneward/api';
import {
  leafPage,
  nodeCrypto,
  openManifest,
  provenLeaves,
  segmentCount,
  type Manifest,
  type NoteKey,
} from '@geneward/crypt4gh';
import type { Line } from './line.ts';
import { persist } from './persist.ts';
import { textOf } from './wire.ts';

export const crypto = nodeCrypto(node);

/** Asks for what belongs to one file, with the right by which it is downloaded. */
export interface Ask {
  readonly line: Line;
  readonly id: string;
  readonly headers: () => Promise<Record<string, string>>;
  readonly mend: (error: unknown) => Promise<boolean>;
}

/** The signed manifest of a file. Throws Crypt4ghProblem when it was not signed by the key, or is that of another file. */
export async function manifestOf({ line, id, headers, mend }: Ask, key: NoteKey): Promise<Manifest> {
  const note = await persist(
    async () => textOf(await line.wire.send(filesRoutes.getFileManifest, { params: { id }, headers: await headers() })),
    { mend },
  );
  const manifest = openManifest(crypto, note, [key]);
  if (manifest.file !== id) throw new Error(`the archive answered with the manifest of ${manifest.file} for ${id}`);
  return manifest;
}

/** Gives the proven hash of a segment. */
export type LeafOf = (segment: number) => Promise<Uint8Array>;

/** Hashes of segments, asked for by the page when first needed and held against the manifest. */
export function leavesOf({ line, id, headers, mend }: Ask, manifest: Manifest): LeafOf {
  const pages = new Map<number, Promise<Uint8Array>>();
  const page = async (first: number): Promise<Uint8Array> => {
    const to = Math.min(first + leafPage, segmentCount(manifest));
    const reply = await persist(
      async () =>
        textOf(
          await line.wire.send(filesRoutes.getFileLeaves, {
            params: { id },
            query: { from: first, to },
            headers: await headers(),
          }),
        ),
      { mend },
    );
    const { from, leaves, proof } = JSON.parse(reply) as CallReply<typeof filesRoutes.getFileLeaves>;
    const given = { from, leaves: Buffer.from(leaves, 'base64'), proof: Buffer.from(proof, 'base64') };
    return provenLeaves(crypto, manifest, { from: first, count: to - first }, given);
  };
  return async (segment) => {
    const first = Math.floor(segment / leafPage) * leafPage;
    let found = pages.get(first);
    if (!found) {
      found = page(first);
      pages.set(first, found);
      found.catch(() => pages.delete(first));
      // Segments are fetched in their order: pages far behind are not needed again.
      for (const old of pages.keys()) if (old < first - 4 * leafPage) pages.delete(old);
    }
    const leaves = await found;
    return leaves.subarray((segment - first) * 32, (segment - first + 1) * 32);
  };
}
