import { ledgerRoutes, supervisionRoutes } from '@geneward/api';
import type { FastifyReply } from 'fastify';
import { bind, type Server } from '../../platform/http.ts';
import type { BlobStore } from '../../platform/blobs.ts';
import type { Config } from '../../platform/config.ts';
import type { LedgerPorts } from './ports.ts';
import { entryReceipt, lifeOf, objectReceipt, type ReceiptFile } from './service/receipts.ts';
import { statusOf } from './service/status.ts';
import { exportActs, findPlans, readActs } from './service/supervise.ts';

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
    objectReceipt: async ({ context, params, query: { format }, reply }) =>
      asFile(
        reply,
        await objectReceipt(context, made, ports, { object: params.object, index: BigInt(params.index), format }),
      ),
    entryReceipt: async ({ context, params, query: { format }, reply }) =>
      asFile(reply, await entryReceipt(context, made, { index: BigInt(params.index), format })),
  });
  bind(server, supervisionRoutes, {
    supervisedActs: ({ context, query }) => readActs(context, query),
    exportActs: async ({ context, query, reply }) => asFile(reply, await exportActs(context, query)),
    planFindings: ({ context, query }) => findPlans(context, query.limit),
  });
}

const asFile = (reply: FastifyReply, { name, type, body }: ReceiptFile): FastifyReply =>
  reply.type(type).header('content-disposition', `attachment; filename="${name}"`).send(body);
