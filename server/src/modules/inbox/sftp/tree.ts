import type { UploadView } from '@geneward/api';
import { Problem } from '../../../platform/problem.ts';
import type { Context } from '../../../platform/context.ts';
import { unclaimedFiles, type FileRow, type Inbox } from '../../files/index.ts';
import { draftFiles, myDrafts } from '../../submission/index.ts';
import { draftFolder, type Place } from './paths.ts';

/** A name in a folder. */
export interface Entry {
  readonly name: string;
  readonly folder: boolean;
  readonly size: number;
  readonly at: Date;
  /** Bytes that are still coming. */
  readonly upload?: UploadView;
  /** A file that is whole. */
  readonly file?: { readonly id: string; readonly claimed: boolean };
}

/** Names of an inbox that are shown. */
const most = 10_000;
const began = new Date(0);
const folder = (name: string): Entry => ({ name, folder: true, size: 0, at: began });

/** What somebody sees: the own inbox, and the own drafts with the files that their sheets name. */
export function treeOf(context: Context, inbox: Inbox) {
  const { principal, db } = context;
  if (principal.kind !== 'person') throw new Problem('unauthenticated');
  const owner = { organisation: principal.organisation, person: principal.id };

  const inboxEntries = async (): Promise<Map<string, Entry>> => {
    const entries = new Map<string, Entry>();
    for (const file of await unclaimedFiles(db, owner, most)) entries.set(file.name, wholeFile(file));
    // Of several uploads under one name the newest counts; while it comes it stands in the place of the file that was there.
    for (const upload of (await inbox.list(context)).toReversed())
      if (upload.name !== undefined) entries.set(upload.name, growing(upload, entries.get(upload.name)));
    return entries;
  };
  const draftOf = async (name: string) => {
    const found = (await myDrafts(context)).find((draft) => draftFolder(draft) === name);
    if (!found) throw new Problem('not_found');
    return found;
  };
  const draftEntries = async (name: string): Promise<Map<string, Entry>> => {
    const declared = await draftFiles(context, (await draftOf(name)).id);
    const here = await inboxEntries();
    const entries = new Map<string, Entry>();
    for (const { name: file, id, size, at } of declared) {
      const entry = here.get(file) ?? (id !== undefined && { ...plain(file, size, at), file: { id, claimed: true } });
      if (entry) entries.set(file, entry);
    }
    return entries;
  };
  return {
    /** Throws Problem `not_found`. */
    async list(place: Place): Promise<readonly Entry[]> {
      if (place.kind === 'root') return [folder('inbox'), folder('drafts')];
      if (place.kind === 'inbox') return [...(await inboxEntries()).values()];
      if (place.kind === 'drafts') return (await myDrafts(context)).map((draft) => folder(draftFolder(draft)));
      if (place.kind === 'draft') return [...(await draftEntries(place.draft)).values()];
      throw new Problem('not_found');
    },
    /** What is at a place; undefined for a file that is not there. Throws Problem `not_found` for a draft that is not. */
    async find(place: Place): Promise<Entry | undefined> {
      if (place.kind === 'file')
        return (place.draft === undefined ? await inboxEntries() : await draftEntries(place.draft)).get(place.name);
      if (place.kind === 'draft') await draftOf(place.draft);
      return folder(place.kind);
    },
    /** Throws Problem `sftp_undeclared` unless a file of this name may be put at the place. */
    async mayPut({ draft, name }: Extract<Place, { kind: 'file' }>): Promise<void> {
      if (draft === undefined) return;
      const declared = await draftFiles(context, (await draftOf(draft)).id);
      if (!declared.some((file) => file.name === name)) throw new Problem('sftp_undeclared', { params: { name } });
    },
  };
}

const plain = (name: string, size: number, at: Date): Entry => ({ name, folder: false, size, at });

function wholeFile({ id, name, size, uploaded_at: at }: FileRow): Entry {
  return { ...plain(name, Number(size ?? 0), at), file: { id, claimed: false } };
}

function growing(upload: UploadView, before: Entry | undefined): Entry {
  const { name = '', offset } = upload;
  return { ...plain(name, offset, before?.at ?? new Date()), upload };
}
