import type { IncomingMessage } from 'node:http';
import type { FastifyReply } from 'fastify';
import { filesRoutes } from '@geneward/api';
import { writePublicKey } from '@geneward/crypt4gh';
import { bind, type Server } from '../../platform/http.ts';
import type { Parts } from '../../platform/parts.ts';
import type { FilesPorts } from './ports.ts';
import { depositKey } from './deposit.ts';
import { resumableHandlers } from './routes-resumable.ts';
import { deleteFile } from './service/delete.ts';
import { downloadFile, type Asked } from './service/download.ts';
import { issueDownloadToken, listDownloadTokens, revokeDownloadToken } from './service/download-token.ts';
import { downloadEncrypted } from './service/encrypted.ts';
import { manifestKey, segmentProof, sendManifest } from './service/manifest.ts';
import { explainFile, getFile, getReport, listFiles, viewOf } from './service/read.ts';
import { renameFile } from './service/rename.ts';
import { uploadFile } from './service/upload.ts';

export function bindRoutes(server: Server, parts: Parts, ports: FilesPorts): void {
  bind(server, filesRoutes, {
    ...resumableHandlers(parts, ports),
    async uploadFile({ context, params, query, bytes, headers, reply }) {
      const { sha256, md5, size, duplicate } = query;
      const length = headers['content-length'];
      const { file, twins } = await uploadFile(
        context,
        {
          name: params.name.normalize('NFC'),
          bytes,
          declared: { sha256, md5, size },
          acceptDuplicate: duplicate === 'accept',
          authenticate: () => ports.authenticate(reply.request),
          ...(length !== undefined && { length: BigInt(length) }),
        },
        parts,
        ports,
      );
      return viewOf(context, file, twins);
    },
    listFiles: ({ context, query }) => listFiles(context, query),
    getFile: ({ context, params }) => getFile(context, params.id, ports),
    getFileReport: ({ context, params }) => getReport(context, params.id, ports),
    renameFile: async ({ context, params, body }) =>
      viewOf(context, await renameFile(context, params.id, body.name.normalize('NFC'), parts, ports)),
    deleteFile: ({ context, params }) => deleteFile(context, params.id),
    downloadFile: ({ context, params, headers, reply }) =>
      downloadFile(context, asked(params.id, headers, reply), parts, ports),
    downloadEncrypted: ({ context, params, query, headers, reply }) =>
      downloadEncrypted(
        context,
        { ...asked(params.id, headers, reply), recipient: Buffer.from(query.recipient, 'base64url') },
        parts,
        ports,
      ),
    issueDownloadToken: ({ context, body }) => issueDownloadToken(context, body, parts, ports),
    listDownloadTokens: ({ context }) => listDownloadTokens(context),
    revokeDownloadToken: ({ context, params }) => revokeDownloadToken(context, params.id),
    explainFile: ({ context, params }) => explainFile(context, params.id, ports),
    getDepositKey: async () => {
      const key = await depositKey(parts);
      return { publicKey: Buffer.from(key).toString('base64'), file: writePublicKey(key) };
    },
    getManifestKey: async () => {
      const { name, key } = manifestKey(parts);
      return { name, publicKey: Buffer.from(key.publicKey).toString('base64') };
    },
    getFileManifest: ({ context, params, reply }) => sendManifest(context, { id: params.id, reply }, parts, ports),
    getFileLeaves: ({ context, params, query }) => segmentProof(context, { id: params.id, ...query }, parts, ports),
  });

  function asked(id: string, headers: IncomingMessage['headers'], reply: FastifyReply): Asked {
    return {
      id,
      range: headers.range,
      ifRange: typeof headers['if-range'] === 'string' ? headers['if-range'] : undefined,
      head: reply.request.method === 'HEAD',
      reply,
      authenticate: () => ports.authenticate(reply.request),
    };
  }
}
