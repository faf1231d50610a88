import type { Text } from '@geneward/metadata';
import { explainJob } from '../explain.ts';
import type { JobResult } from '../result.ts';
import type { JobSpecification } from '../specification.ts';
import { plotsOf, valueOf } from './plots.ts';
import { escape } from './svg.ts';

const style =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:1000px;margin:2em auto;padding:0 1em}table{border-collapse:collapse;font-size:13px}td,th{padding:2px 10px;text-align:right;border-bottom:1px solid #ddd}svg{width:100%;height:auto}';

/**
 * A report that needs nothing but a browser: no script, no outside file.
 * @param own coordinates of this institution's own individuals, for its own report only
 */
export function htmlReport(
  job: JobSpecification,
  result: JobResult,
  language: 'en' | 'zh',
  own?: readonly (readonly number[])[],
): string {
  const pick = (text: Text) => text[language];
  const p = result.columns.indexOf('P');
  const best =
    p < 0 ? result.rows.slice(0, 200) : result.rows.toSorted((a, b) => valueOf(a[p]) - valueOf(b[p])).slice(0, 50);
  const number = (value: number) => String(Number(value.toPrecision(6)));
  const cells = (row: readonly (string | number | null)[], tag: string) =>
    `<tr>${row.map((cell) => `<${tag}>${escape(typeof cell === 'number' ? number(cell) : (cell ?? 'NA'))}</${tag}>`).join('')}</tr>`;
  const learnt = explainJob(job).map(({ text }) => `<li>${escape(pick(text))}`);
  const summary = Object.entries(result.summary).map(
    ([name, value]) => `${escape(name)}: ${value === null ? 'NA' : number(value)}`,
  );
  return `<!doctype html><html lang="${language}"><meta charset="utf-8"><title>${escape(job.purpose)}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>${style}</style>
<h1>${escape(job.purpose)}</h1>
<p>${escape(result.kind)} · ${result.individuals} ${pick({ en: 'individuals', zh: '人' })} · ${escape(job.parties.map(({ name }) => name).join(', '))} · ${pick(job.security === 'malicious' ? { en: 'malicious security', zh: '恶意模型安全' } : { en: 'semi-honest security', zh: '半诚实安全' })}</p>
${plotsOf(result, pick, own).join('\n')}
<h2>${pick({ en: 'Who learns what', zh: '各方得知的内容' })}</h2><ul>${learnt.join('')}</ul>
<h2>${p < 0 ? pick({ en: 'Values', zh: '数值' }) : pick({ en: 'Smallest P', zh: '最小 P 值' })}</h2>
<p>${summary.join(' · ')}</p>
<table>${cells(result.columns, 'th')}${best.map((row) => cells(row, 'td')).join('')}</table></html>
`;
}
