import { fanOut } from './fan-out.ts';
import { bodyOf, storeOf, type StorageParts } from './stores.ts';

/** Which stores have a body now. */
export interface Written {
  readonly stores: readonly string[];
}

/**
 * Writes a sealed body side by side to the stores that the placement of `key` names. Throws, and leaves nothing, when fewer have
 * it then than are needed; a copy that failed beyond that is logged, and made by the scrub.
 */
export async function writeBody(
  parts: StorageParts,
  key: string,
  name: string,
  sealed: AsyncIterable<Uint8Array>,
  options: { signal?: AbortSignal } = {},
): Promise<Written> {
  const { placement, log } = parts;
  const names = placement.storesOf(key);
  const drop = async () => {
    for (const store of names) await storeOf(parts, store).delete(bodyOf(name));
  };
  try {
    const results = await fanOut(
      sealed,
      names.map((store) => (bytes) => storeOf(parts, store).put(bodyOf(name), bytes, options)),
    );
    const stores = names.filter((_, nth) => results[nth]?.status === 'fulfilled');
    const failed = results.flatMap((result, nth) =>
      result.status === 'rejected' ? [{ store: names[nth] ?? '', reason: result.reason as unknown }] : [],
    );
    if (stores.length < Math.min(placement.needed, names.length)) throw failed[0]?.reason;
    for (const { store, reason } of failed)
      log.error({ err: reason, key, store }, 'a copy could not be written; the scrub makes it');
    return { stores };
  } catch (error) {
    await drop().catch((cause: unknown) => log.warn({ err: cause, key }, 'a broken write is left for the sweep'));
    throw error;
  }
}
