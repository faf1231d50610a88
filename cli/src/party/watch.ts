import { setTimeout as pause } from 'node:timers/promises';
import { computeRoutes, jobMoment, type Client, type JobMoment, type JobState } from '@geneward/api';
import { isNetworkError } from '../exit.ts';

const over: ReadonlySet<JobState> = new Set(['sealed', 'aborted', 'cancelled', 'expired', 'disputed']);

/** Whether nothing more happens to a job. */
export const isOver = (state: JobState): boolean => over.has(state);

/** What happens to a job, from the beginning or after a place, until it is over; a line that breaks is taken up where it broke. */
export async function* watchJob(
  client: Client,
  job: string,
  after?: string,
): AsyncGenerator<{ id: string; moment: JobMoment }> {
  let last = after;
  for (;;) {
    try {
      const response = await client.raw(computeRoutes.jobEvents, {
        params: { job },
        headers: { accept: 'text/event-stream', ...(last !== undefined && { 'last-event-id': last }) },
      });
      for await (const { id, data } of eventsOf(response)) {
        last = id;
        yield { id, moment: jobMoment.parse(JSON.parse(data)) };
      }
      if (isOver((await client.call(computeRoutes.getJob, { params: { job } })).state)) return;
    } catch (error) {
      if (!isNetworkError(error)) throw error;
    }
    await pause(1000);
  }
}

/** Server-Sent Events of a response that have an id and data; HTML Living Standard, section 9.2.6. */
async function* eventsOf(response: Response): AsyncGenerator<{ id: string; data: string }> {
  let held = '';
  const text = response.body?.pipeThrough(new TextDecoderStream());
  if (!text) return;
  for await (const piece of text) {
    held += piece;
    const events = held.split('\n\n');
    held = events.pop() ?? '';
    for (const event of events) {
      const fields = new Map(
        event.split('\n').map((line) => [line.split(': ', 1)[0], line.slice(line.indexOf(': ') + 2)]),
      );
      const [id, data] = [fields.get('id'), fields.get('data')];
      if (id !== undefined && data !== undefined) yield { id, data };
    }
  }
}
