import { ledgerRoutes } from '@geneward/api';
import type { FastifyReply } from 'fastify';
import { bind, type Server } from '../../platform/http.ts';
import type { BlobStore } from '../../platform/blobs.ts';
import type { Config } from '../../platform/config.ts';
import type { LedgerPorts } from './ports.ts';
import { entryReceipt, lifeOf, objectReceipt } from './service/receipts.ts';
import { statusOf } from './service/status.ts';

/** Contract to use case. */
export function mountRoutes(
  server: Server,
  { config, files: blobs }: { config: Config; files: BlobStore },
  ports: LedgerPorts,
): void {
  const made = { blobs, config };
  bind(server, ledgerRoutes, {
    ledgerStatus: ({ context }) => statusOf(context.db, config),
    objectLife: ({ context, params }) => lifeOf(context, ports, params.object),
    objectReceipt: async ({ context, params, reply }) =>
      asFile(
        reply,
        params.index,
        await objectReceipt(context, made, ports, { object: params.object, index: BigInt(params.index) }),
      ),
    entryReceipt: async ({ context, params, reply }) =>
      asFile(reply, params.index, await entryReceipt(context, made, BigInt(params.index))),
  });
}

const asFile = (reply: FastifyReply, index: string, receipt: string): FastifyReply =>
  reply
    .type('text/plain; charset=utf-8')
    .header('content-disposition', `attachment; filename="act-${index}.tlog-proof"`)
    .send(receipt);
