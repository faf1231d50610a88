import { Link } from '../party/link.ts';

// Loaded before the command line: the process is killed in place of sending its nth message, and tells at its end how many it sent.
const last = Number(process.env['DIES_AT'] ?? 'NaN');
let sent = 0;
// eslint-disable-next-line typescript/unbound-method
const { send } = Link.prototype;
Link.prototype.send = function count(this: Link, payload: Buffer): Promise<void> {
  if (sent === last) process.kill(process.pid, 'SIGKILL');
  sent += 1;
  return send.call(this, payload);
};
process.on('exit', () => process.stderr.write(`SENT ${sent}\n`));
