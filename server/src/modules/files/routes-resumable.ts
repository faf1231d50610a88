import type { IncomingMessage } from 'node:http';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { UploadView } from '@geneward/api';
import type { Context } from '../../platform/context.ts';
import type { Handlers } from '../../platform/http.ts';
import type { Parts } from '../../platform/parts.ts';
import { Problem } from '../../platform/problem.ts';
import type { FilesPorts } from './ports.ts';
import type { UploadRow } from './resumable-store.ts';
import { appendBytes } from './service/append.ts';
import { beginDirect, completeDirect, directParts } from './service/direct.ts';
import {
  beginResumable,
  finishResumable,
  found,
  giveUpResumable,
  joinResumable,
  listResumable,
  tellLength,
  uploadViewOf,
  type Begin,
} from './service/resumable.ts';
import * as tus from './tus.ts';
import type { resumableRoutes } from '@geneward/api';

type Headers = IncomingMessage['headers'];

/** The tus 1.0 protocol over the contract's routes: what its headers say goes to the use cases, and back. */
export function resumableHandlers(parts: Parts, ports: FilesPorts): Handlers<typeof resumableRoutes> {
  const finish = (context: Context, row: UploadRow, reply: FastifyReply) =>
    finishResumable(context, row, parts, ports, () => ports.authenticate(reply.request));
  const append = async (
    context: Context,
    id: string,
    at: { headers: Headers; bytes: IncomingMessage },
    offset: number,
    reply: FastifyReply,
  ) => {
    const stretch = {
      offset,
      bytes: at.bytes,
      checksum: tus.readChecksum(at.headers['upload-checksum']),
      authenticate: () => ports.authenticate(reply.request),
    };
    return finish(context, await appendBytes(context, id, stretch, parts), reply);
  };
  return {
    async describeUploads({ reply }) {
      void reply.headers({
        'tus-resumable': tus.tusVersion,
        'tus-version': tus.tusVersion,
        'tus-extension': tus.tusExtensions,
        'tus-max-size': String(parts.config.limits.fileBytes),
        'tus-checksum-algorithm': tus.tusAlgorithms.join(','),
      });
    },
    async createUpload({ context, headers, bytes, reply }) {
      speak(headers, reply);
      const concat = tus.readConcat(headers['upload-concat']);
      const begin = beginOf(headers, concat === 'partial');
      if (Array.isArray(concat)) {
        const joined = await joinResumable(context, begin, concat, parts);
        void reply.header('location', `/api/v1/uploads/${joined.id}`);
        // The parts are joined, and a second try would be refused: who asks for the upload has its file made.
        const row = await finish(context, joined, reply).catch((error: unknown) => {
          if (error instanceof Problem && error.status === 503) return joined;
          throw error;
        });
        return answer(row, reply);
      }
      const length = tus.readLength(headers['upload-length'], headers['upload-defer-length']);
      const row = await beginResumable(context, { ...begin, length }, parts);
      void reply.header('location', `/api/v1/uploads/${row.id}`);
      const withBytes = headers['content-type']?.startsWith('application/offset+octet-stream');
      if (!withBytes) return answer(row, reply);
      return answer(await append(context, row.id, { headers, bytes: bytes as IncomingMessage }, 0, reply), reply);
    },
    async beginDirect({ context, body, reply }) {
      const { name, length, sha256, md5, duplicate } = body;
      const begin = {
        name: name.normalize('NFC'),
        length,
        declared: { sha256, md5 },
        acceptDuplicate: duplicate === 'accept',
      };
      const view = await beginDirect(context, begin, parts);
      void reply.header('location', `/api/v1/uploads/${view.upload.id}`);
      return view;
    },
    getDirectParts: ({ context, params, query }) => directParts(context, params.id, query, parts),
    completeDirect: ({ context, params, reply }) =>
      completeDirect(context, params.id, parts, ports, () => ports.authenticate(reply.request)),
    listUploads: async ({ context }) => ({ items: await listResumable(context) }),
    async getUpload({ context, params, headers, reply }) {
      if (reply.request.method === 'HEAD') speak(headers, reply);
      const row = await found(context.db, context, params.id);
      return answer(await finish(context, row, reply), reply);
    },
    async sendUpload({ context, params, headers, bytes, reply }) {
      speak(headers, reply);
      const offset = tus.readCount('Upload-Offset', headers['upload-offset']);
      const length = headers['upload-length'];
      if (length !== undefined) await tellLength(context, params.id, tus.readCount('Upload-Length', length), parts);
      answer(await append(context, params.id, { headers, bytes: bytes as IncomingMessage }, offset, reply), reply);
    },
    async endUpload({ context, params, headers, reply }) {
      speak(headers, reply);
      await giveUpResumable(context, params.id, parts);
    },
  };
}

function speak(headers: Headers, reply: FastifyReply): void {
  void reply.headers({ 'tus-resumable': tus.tusVersion, 'tus-version': tus.tusVersion });
  tus.checkVersion(headers['tus-resumable']);
}

const digests = z.object({
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  md5: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
});

function beginOf(headers: Headers, partial: boolean): Omit<Begin, 'length'> {
  const metadata = tus.readMetadata(headers['upload-metadata']);
  const declared = digests.safeParse({ sha256: metadata.get('sha256'), md5: metadata.get('md5') });
  const name = metadata.get('filename') ?? metadata.get('name');
  if (!declared.success || (name === undefined && !partial))
    throw new Problem('upload_header', {
      params: { header: 'Upload-Metadata', expected: 'filename, and if you like sha256 and md5 in hexadecimal' },
    });
  return {
    name: partial ? undefined : name?.normalize('NFC'),
    declared: declared.data,
    acceptDuplicate: metadata.get('duplicate') === 'accept',
  };
}

function answer(row: UploadRow, reply: FastifyReply): UploadView {
  void reply.headers({
    'tus-resumable': tus.tusVersion,
    'upload-offset': row.received,
    ...(row.length === null ? { 'upload-defer-length': '1' } : { 'upload-length': row.length }),
    'upload-expires': row.expires_at.toUTCString(),
    'cache-control': 'no-store',
    ...(row.name === null && { 'upload-concat': 'partial' }),
    ...(row.joined && { 'upload-concat': `final;${row.joined.map((id) => `/api/v1/uploads/${id}`).join(' ')}` }),
  });
  return uploadViewOf(row);
}
