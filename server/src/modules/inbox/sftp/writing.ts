import { PassThrough } from 'node:stream';
import type { UploadView } from '@geneward/api';
import type { Context, Principal } from '../../../platform/context.ts';
import { Problem } from '../../../platform/problem.ts';
import type { Inbox } from '../../files/index.ts';

/** A file that a client has open for writing. */
export interface Writing {
  /** Bytes that have been taken so far, with those that were there before. */
  readonly size: number;
  /** Settles when the bytes have been taken on. Throws Problem `sftp_order` for bytes that do not follow the ones before. */
  write(offset: number, bytes: Buffer): Promise<void>;
  /** Nothing more comes: the file is made. Throws the refusals of any upload. */
  close(): Promise<void>;
  /** The connection is gone: what has come is kept. */
  drop(): Promise<void>;
}

/** What a writing stands on. */
export interface Pen {
  readonly inbox: Inbox;
  readonly context: Context;
  readonly authenticate: () => Promise<Principal>;
  /** The bytes of a file that is whole, to go on behind them. */
  readonly read: (file: string) => Promise<AsyncIterable<Uint8Array>>;
}

export interface Opening {
  readonly name: string;
  /** What is there under the name. */
  readonly upload: UploadView | undefined;
  readonly file: { readonly id: string; readonly size: number } | undefined;
  /** The client wants what is there to go. */
  readonly truncate: boolean;
  /** Bytes go to the end, whatever offset they name. */
  readonly append: boolean;
}

const buffered = 1024 * 1024;

/**
 * Takes the writes of a client as one upload. The first offset says what is meant: where an unfinished upload stands, it goes on;
 * where a whole file ends, the new bytes follow its own; at 0 it begins anew.
 */
export function openWriting({ inbox, context, authenticate, read }: Pen, opening: Opening): Writing {
  const { name, upload, file, truncate, append } = opening;
  const there = truncate ? 0 : (upload?.offset ?? file?.size ?? 0);
  let at = there;
  let going: { readonly id: string; readonly stream: PassThrough; readonly arrived: Promise<UploadView> } | undefined;
  let failed: unknown;
  let queue: Promise<void> = Promise.resolve();

  const begin = async (offset: number): Promise<void> => {
    if (offset !== 0 && offset !== there) throw outOfOrder(there, offset);
    const goesOn = upload !== undefined && !truncate && offset === upload.offset;
    if (upload && !goesOn) await inbox.giveUp(context, upload.id);
    const id = goesOn ? upload.id : (await inbox.begin(context, { name })).id;
    const stream = new PassThrough({ highWaterMark: buffered });
    const arrived = inbox.append(context, id, { offset: goesOn ? offset : 0, bytes: stream, authenticate });
    going = { id, stream, arrived };
    arrived.catch((error: unknown) => {
      failed ??= error;
      stream.destroy();
    });
    // Bytes that were taken already are the beginning of the new upload.
    if (!goesOn && offset > 0 && file) for await (const chunk of await read(file.id)) await pass(stream, chunk);
    at = offset;
  };
  const put = async (offset: number, bytes: Buffer): Promise<void> => {
    if (failed !== undefined) throw failed;
    try {
      if (!going) await begin(append ? there : offset);
      if (!append && offset !== at) throw outOfOrder(at, offset);
      at += bytes.length;
      if (going) await pass(going.stream, bytes);
    } catch (error) {
      failed ??= error;
      throw failed;
    }
  };
  return {
    get size() {
      return at;
    },
    write(offset, bytes) {
      const done = queue.then(() => put(offset, bytes));
      queue = done.catch(() => undefined);
      return done;
    },
    async close() {
      await queue;
      if (failed !== undefined) throw failed;
      if (!going) {
        // Opened and closed: what is there stays; an empty file is none.
        if (there === 0) throw new Problem('file_empty');
        return;
      }
      going.stream.end();
      await going.arrived;
      await inbox.finish(context, going.id, authenticate);
    },
    async drop() {
      going?.stream.destroy(new Error('the connection was lost'));
      await going?.arrived.catch(() => undefined);
    },
  };
}

const outOfOrder = (expected: number, given: number) => new Problem('sftp_order', { params: { expected, given } });

/** Settles when the stream has taken the bytes on: this is what holds a quick client back. */
function pass(stream: PassThrough, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
