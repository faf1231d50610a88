import { useEffect, useRef, useState } from 'react';
import type { Asked, DatasetTold, Row, Said, Stand, Told } from './told.ts';

/** Rows that are shown; all stand in the table that can be saved. */
export const most = 200;

export interface Analysis {
  readonly dataset: DatasetTold | undefined;
  readonly state: 'opening' | 'ready' | 'reading' | 'placing' | 'done';
  readonly rows: readonly Row[];
  readonly counts: { readonly all: number; readonly accepted: number };
  /** Share of the file that was read, 0 to 1. */
  readonly share: number;
  readonly stands: ReadonlyMap<string, Stand>;
  readonly table: Blob | undefined;
  readonly failed: Said | 'broken' | undefined;
}

const nothing: Omit<Analysis, 'dataset' | 'state'> = {
  rows: [],
  counts: { all: 0, accepted: 0 },
  share: 0,
  stands: new Map(),
  table: undefined,
  failed: undefined,
};

function after(before: Analysis, told: Told): Analysis {
  switch (told.kind) {
    case 'dataset':
      return { ...nothing, dataset: told.dataset, state: 'ready' };
    case 'rows':
      return {
        ...before,
        rows: before.rows.length < most ? [...before.rows, ...told.rows].slice(0, most) : before.rows,
        counts: {
          all: before.counts.all + told.rows.length,
          accepted: before.counts.accepted + told.rows.filter(({ accepted }) => accepted).length,
        },
        share: told.size > 0 ? told.read / told.size : 1,
      };
    case 'placing':
      return { ...before, state: 'placing' };
    case 'done':
      return {
        ...before,
        state: 'done',
        stands: new Map(told.stands.map((stand) => [stand.name, stand])),
        table: told.table,
      };
    case 'broken':
      return { ...before, state: 'ready', failed: 'broken' };
    case 'failed':
    default:
      return { ...before, state: 'ready', failed: told.said };
  }
}

/** A worker of this page that holds a data set and analyses genomes; it ends with the page. */
export function useAnalysis(): {
  readonly now: Analysis;
  readonly openDataset: (file?: File) => void;
  readonly analyse: (file: File) => void;
} {
  const worker = useRef<Worker>(undefined);
  const [now, setNow] = useState<Analysis>({ ...nothing, dataset: undefined, state: 'opening' });
  useEffect(() => {
    const started = new Worker(new URL('worker.ts', import.meta.url), { type: 'module' });
    started.addEventListener('message', ({ data }: MessageEvent<Told>) => setNow((before) => after(before, data)));
    started.addEventListener('error', () => setNow((before) => ({ ...before, state: 'ready', failed: 'broken' })));
    started.postMessage({ kind: 'dataset' } satisfies Asked, []);
    worker.current = started;
    return () => started.terminate();
  }, []);
  const ask = (asked: Asked) => worker.current?.postMessage(asked, []);
  return {
    now,
    openDataset: (file) => {
      setNow(({ dataset }) => ({ ...nothing, dataset, state: 'opening' }));
      ask(file ? { kind: 'dataset', file } : { kind: 'dataset' });
    },
    analyse: (file) => {
      setNow(({ dataset }) => ({ ...nothing, dataset, state: 'reading' }));
      ask({ kind: 'genomes', file });
    },
  };
}
