import { Abort } from '../error.ts';
import type { Net } from './net.ts';

/** Changes, drops (undefined) or lets pass a message on its way. */
export type Tamper = (message: Uint8Array, way: { from: number; to: number; nth: number }) => Uint8Array | undefined;

interface Queue {
  readonly waiting: Uint8Array[];
  takers: { give: (message: Uint8Array) => void; fail: (error: Error) => void }[];
}

/** Parties in one process, for tests and for jobs that run on one machine. A dropped message closes its link. */
export function memoryNets(parties: number, tamper: Tamper = (message) => message): Net[] {
  const queues = new Map<string, Queue>();
  const closed = new Set<string>();
  const sent = new Map<string, number>();
  const queueOf = (from: number, to: number): Queue => {
    const key = `${from} ${to}`;
    const queue = queues.get(key) ?? { waiting: [], takers: [] };
    queues.set(key, queue);
    return queue;
  };
  return Array.from({ length: parties }, (_, me) => ({
    me,
    parties,
    send(to, message) {
      const key = `${me} ${to}`;
      const nth = sent.get(key) ?? 0;
      sent.set(key, nth + 1);
      const arrived = tamper(message.slice(), { from: me, to, nth });
      const queue = queueOf(me, to);
      if (arrived === undefined) {
        closed.add(key);
        for (const taker of queue.takers.splice(0)) taker.fail(new Abort('link_closed', 'receive'));
        return;
      }
      const taker = queue.takers.shift();
      if (taker) taker.give(arrived);
      else queue.waiting.push(arrived);
    },
    receive(from) {
      const queue = queueOf(from, me);
      const ready = queue.waiting.shift();
      if (ready) return Promise.resolve(ready);
      if (closed.has(`${from} ${me}`)) return Promise.reject(new Abort('link_closed', 'receive'));
      return new Promise((give, fail) => queue.takers.push({ give, fail }));
    },
  }));
}
