import { pino, type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

/** Header and field names whose values never reach a log. */
const secretPaths = [
  'password',
  'token',
  'secret',
  'authorization',
  'cookie',
  '*.password',
  '*.token',
  '*.secret',
  '*.authorization',
  '*.cookie',
  'req.headers.authorization',
  'req.headers.cookie',
];

/** Structured lines on standard output; secrets are blanked by name as the second line of defence. */
export function createLog(options: { level: string }, destination?: DestinationStream): Log {
  return pino(
    {
      level: options.level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secretPaths, censor: '[hidden]' },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}
