import type { Readable } from 'node:stream';
import type { UploadView } from '@geneward/api';
import type { Context, Principal } from '../../../platform/context.ts';
import type { Parts } from '../../../platform/parts.ts';
import type { FilesPorts } from '../ports.ts';
import { appendBytes } from './append.ts';
import {
  beginResumable,
  finishResumable,
  found,
  giveUpResumable,
  listResumable,
  tellLength,
  uploadViewOf,
  type Begin,
} from './resumable.ts';

/**
 * The inbox for those who bring bytes on another way than HTTP. An upload that was begun on one way is seen, gone on with and
 * finished on any other; rules, refusals and events are the same. The context is that of who sends.
 */
export interface Inbox {
  /** Opens a place. Without `length` it is told by `finish`. Throws the Problems of `POST /uploads`. */
  begin(context: Context, upload: Pick<Begin, 'name'> & Partial<Begin>): Promise<UploadView>;
  /**
   * Adds bytes where the upload stands; they may come in any number of calls. What came before the bytes broke off is kept, and
   * `offset` of the answer says how far. `authenticate` is asked every few seconds whether the sender may still send.
   */
  append(
    context: Context,
    id: string,
    stretch: { readonly offset: number; readonly bytes: Readable; readonly authenticate: () => Promise<Principal> },
  ): Promise<UploadView>;
  /**
   * Says that the last byte has come and makes the file: `file` of the answer. May be called again after a crash or a lost answer.
   * Throws `checksum_mismatch`, `duplicate_content` and their like.
   */
  finish(context: Context, id: string, authenticate: () => Promise<Principal>): Promise<UploadView>;
  /** Where an upload of the sender's stands. Throws Problem `not_found`. */
  get(context: Context, id: string): Promise<UploadView>;
  list(context: Context): Promise<UploadView[]>;
  giveUp(context: Context, id: string): Promise<void>;
}

export function openInbox(parts: Parts, ports: Pick<FilesPorts, 'fileArrived'>): Inbox {
  return {
    async begin(context, { name, length, declared = {}, acceptDuplicate = false }) {
      return uploadViewOf(await beginResumable(context, { name, length, declared, acceptDuplicate }, parts));
    },
    append: async (context, id, stretch) => uploadViewOf(await appendBytes(context, id, stretch, parts)),
    async finish(context, id, authenticate) {
      const row = await found(context.db, context, id);
      if (row.length === null) await tellLength(context, id, Number(row.received), parts);
      const whole = await found(context.db, context, id);
      return uploadViewOf(await finishResumable(context, whole, parts, ports, authenticate));
    },
    get: async (context, id) => uploadViewOf(await found(context.db, context, id)),
    list: listResumable,
    giveUp: (context, id) => giveUpResumable(context, id, parts),
  };
}
