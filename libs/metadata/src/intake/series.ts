import type { Place } from '../rules/rule.ts';
import type { Report } from './report.ts';

/** Looks down one column for what single cells do not show. */
export interface ColumnWatch {
  see: (value: string, place: () => Place) => void;
  end: () => void;
}

/** Reports values that count up by one over at least three rows: a cell dragged down (DDBJ BS_R0069). */
export function watchSeries(report: Report): ColumnWatch {
  let first: { value: string; place: Place } | undefined;
  let prefix = '';
  let number = Number.NaN;
  let last = '';
  let length = 0;
  const end = (): void => {
    if (first && length >= 3)
      report('GW3034', first.place, { value: first.value, suggestion: first.value, params: { last, rows: length } });
    first = undefined;
    length = 0;
  };
  const see = (value: string, place: () => Place): void => {
    const [, text = '', digits = ''] = /^(.*?)(\d{1,15})$/su.exec(value) ?? [];
    if (digits !== '' && text === prefix && Number(digits) === number + 1) {
      length++;
    } else {
      end();
      if (digits !== '') [first, length] = [{ value, place: place() }, 1];
    }
    [prefix, number, last] = [text, digits === '' ? Number.NaN : Number(digits), value];
  };
  return { see, end };
}

const remembered = 1000;

/** Reports numbers that are shorter than the zero-led numbers of their column: "7" beside "0012". */
export function watchZeros(report: Report): ColumnWatch {
  let width = 0;
  let short: { value: string; place: Place }[] = [];
  const tell = (value: string, place: Place): void =>
    report('GW3033', place, { value, suggestion: value.padStart(width, '0') });
  const see = (value: string, place: () => Place): void => {
    if (value.length > 15 || !/^\d+$/.test(value)) return;
    if (value.length > 1 && value.startsWith('0')) width = Math.max(width, value.length);
    else if (width > value.length) tell(value, place());
    else if (width === 0 && short.length < remembered) short.push({ value, place: place() });
  };
  const end = (): void => {
    for (const { value, place } of short) if (value.length < width) tell(value, place);
    short = [];
  };
  return { see, end };
}
