import { accessRoutes } from '@geneward/api';
import { bind, type Server } from '../../platform/http.ts';
import { openSigner } from '../../platform/keys/signer.ts';
import type { Parts } from '../../platform/parts.ts';
import type { AccessPorts } from './ports.ts';
import * as service from './service.ts';

/** Contract to use case. */
export function mountRoutes(server: Server, { config }: Parts, ports: AccessPorts): void {
  const signer = () => openSigner(config.data, 'downgrades');
  bind(server, accessRoutes, {
    explain: ({ context, body }) => service.explain(context, body),
    policies: ({ context }) => service.listPolicies(context),
    audit: ({ context, query }) => service.readAudit(context, query),
    downgrades: ({ context, query }) => service.listDowngrades(context, query),
    proposeDowngrade: ({ context, body }) => service.proposeDowngrade(context, body),
    signDowngrade: ({ context, params, body }) =>
      service.signDowngrade(context, { ...ports, signer }, { downgrade: params.downgrade, accept: body.accept }),
  });
}
