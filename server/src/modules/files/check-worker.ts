import { serveLanes } from '../../platform/threads.ts';
import { sniff } from '@geneward/formats';
import { checkBytes, verdictOf, type Verdict } from './check.ts';

export type CheckRequest = { readonly begin: string } | { readonly bytes: Uint8Array } | { readonly end: true };
export type CheckReply = 'taken' | Verdict;

/** Many checks side by side, each at the pace of its stream. */
serveLanes<CheckRequest>((reply, fail) => {
  const answer = (said: CheckReply) => reply(said);
  const waiting: Uint8Array[] = [];
  let ended = false;
  let over = false;
  let wake: () => void = () => undefined;
  let own: ((bytes: Uint8Array) => Uint8Array) | undefined;

  async function* bytes(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = waiting.shift();
      if (next) {
        own ??= copierFor(next);
        const copy = own(next);
        answer('taken');
        yield copy;
      } else if (ended) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  const run = async (name: string) => {
    const verdict = verdictOf(await checkBytes(name, bytes()));
    over = true;
    for (const _ of waiting.splice(0)) answer('taken');
    answer(verdict);
  };
  return {
    take(request) {
      if ('begin' in request) run(request.begin).catch(fail);
      else if ('end' in request) ended = true;
      else if (over) answer('taken');
      else waiting.push(request.bytes);
      wake();
    },
    close() {
      ended = true;
      wake();
    },
  };
});

/** The memory is the sender's again once it is told so. Plain reads are looked at once and may lie in the same place again. */
function copierFor(first: Uint8Array): (bytes: Uint8Array) => Uint8Array {
  if (sniff(first) !== 'fastq') return (bytes) => bytes.slice();
  let place = new Uint8Array(0);
  return (bytes) => {
    if (place.length < bytes.length) place = new Uint8Array(bytes.length);
    place.set(bytes);
    return place.subarray(0, bytes.length);
  };
}
