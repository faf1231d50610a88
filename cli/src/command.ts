import type { Client } from '@geneward/api';
import type { Command } from 'commander';
import { offline } from './offline.ts';
import type { Output } from './output.ts';
import { clientOf, readSession, type Session } from './session.ts';

/** What every command gets: where to say things, and the way to the server when it needs one. */
export interface Tools {
  readonly output: Output;
  /** Reads the session on first use: offline commands need none. */
  readonly session: () => Session;
  readonly client: () => Client;
}

/** Wraps a use of the command line: builds the tools, says errors and sets the exit code. */
export function action<A extends unknown[]>(
  work: (tools: Tools, ...args: A) => Promise<number | void>,
): (...args: [...A, Command]) => Promise<void> {
  return offline((output, server, ...args: A) => {
    const session = () => readSession(output, server);
    return work({ output, session, client: () => clientOf(session(), output) }, ...args);
  });
}
