import { filesRoutes } from '@geneward/api';
import { bind, type Server } from '../../platform/http.ts';
import type { Parts } from '../../platform/parts.ts';
import type { FilesPorts } from './ports.ts';
import { resumableHandlers } from './routes-resumable.ts';
import { deleteFile } from './service/delete.ts';
import { downloadFile } from './service/download.ts';
import { getFile, getReport, listFiles, viewOf } from './service/read.ts';
import { uploadFile } from './service/upload.ts';

export function bindRoutes(server: Server, parts: Parts, ports: FilesPorts): void {
  bind(server, filesRoutes, {
    ...resumableHandlers(parts, ports),
    async uploadFile({ context, params, query, bytes, headers, reply }) {
      const { sha256, md5, size, duplicate } = query;
      const length = headers['content-length'];
      const file = await uploadFile(
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
      return viewOf(context, file);
    },
    listFiles: ({ context, query }) => listFiles(context, query),
    getFile: ({ context, params }) => getFile(context, params.id, ports),
    getFileReport: ({ context, params }) => getReport(context, params.id, ports),
    deleteFile: ({ context, params }) => deleteFile(context, params.id),
    downloadFile: ({ context, params, headers, reply }) =>
      downloadFile(
        context,
        {
          id: params.id,
          range: headers.range,
          ifRange: typeof headers['if-range'] === 'string' ? headers['if-range'] : undefined,
          head: reply.request.method === 'HEAD',
          reply,
        },
        parts,
        ports,
      ),
  });
}
