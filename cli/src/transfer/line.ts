import { createClient, type Client } from '@geneward/api';
import type { Tools } from '../command.ts';
import { lastingToken } from '../session.ts';
import { throttle, type Throttle } from './rate.ts';
import { openWire, type Wire } from './wire.ts';

/** The way to an installation for everything that one command moves, however long it takes. */
export interface Line {
  readonly api: Client;
  readonly wire: Wire;
  readonly server: string;
  readonly throttle: Throttle;
  /** Whether a refusal was mended by a token that is there meanwhile. */
  readonly mend: (error: unknown) => Promise<boolean>;
  readonly close: () => void;
}

/** @param rate bytes per second for all transfers together */
export function openLine({ output, session }: Pick<Tools, 'output' | 'session'>, rate?: number): Line {
  const mine = session();
  const token = lastingToken(mine, output);
  const { server } = mine;
  const { language } = output;
  const wire = openWire({ server, language, token: token.current });
  return {
    api: createClient({ baseUrl: server, language, token: token.current }),
    wire,
    server,
    throttle: throttle(rate),
    mend: token.mend,
    close: wire.close,
  };
}
