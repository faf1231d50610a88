import { explainJob, type JobSpecification } from '@geneward/api';
import type { Result } from '../analyse.ts';

const width = 960;
const height = 320;

/** A report that needs nothing but a browser: no script, no outside file. */
export function htmlReport(job: JobSpecification, result: Result): string {
  const at = (name: string) => result.columns.indexOf(name);
  const p = at('P') >= 0 ? at('P') : -1;
  const plots =
    p >= 0
      ? [manhattan(result, p), quantiles(result, p)]
      : result.kind === 'pca'
        ? [scree(result)]
        : result.kind === 'survival'
          ? [curves(result)]
          : [];
  const best =
    p < 0 ? result.rows.slice(0, 200) : [...result.rows].sort((a, b) => value(a[p]) - value(b[p])).slice(0, 50);
  const cells = (row: readonly (string | number | null)[], tag: string) =>
    `<tr>${row.map((cell) => `<${tag}>${escape(typeof cell === 'number' ? String(Number(cell.toPrecision(6))) : (cell ?? 'NA'))}</${tag}>`).join('')}</tr>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escape(job.purpose)}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:1000px;margin:2em auto;padding:0 1em}table{border-collapse:collapse;font-size:13px}td,th{padding:2px 10px;text-align:right;border-bottom:1px solid #ddd}svg{width:100%;height:auto}</style>
<h1>${escape(job.purpose)}</h1>
<p>${escape(result.kind)} · ${result.individuals} individuals 人 · ${escape(job.parties.map(({ name }) => name).join(', '))}</p>
${plots.join('\n')}
<h2>What each party learns 各方得知的内容</h2><ul>${explainJob(job)
    .map(({ en, zh }) => `<li>${escape(en)}<br>${escape(zh)}</li>`)
    .join('')}</ul>
<h2>${p < 0 ? 'Values 数值' : 'Smallest P 最小 P 值'}</h2>
<p>${Object.entries(result.summary)
    .map(([name, number]) => `${escape(name)}: ${number ?? 'NA'}`)
    .join(' · ')}</p>
<table>${cells(result.columns, 'th')}${best.map((row) => cells(row, 'td')).join('')}</table></html>
`;
}

const escape = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0) ?? 0};`);

const value = (cell: string | number | null | undefined): number =>
  typeof cell === 'number' ? cell : Number.POSITIVE_INFINITY;

const svg = (title: string, inside: string): string =>
  `<h2>${title}</h2><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}"><path d="M40 0V${height - 20}H${width}" fill="none" stroke="#888"/>${inside}</svg>`;

const x = (share: number) => (45 + share * (width - 60)).toFixed(1);
const y = (share: number) => (height - 22 - share * (height - 40)).toFixed(1);
const label = (atX: string, atY: string, text: string) =>
  `<text x="${atX}" y="${atY}" font-size="11">${escape(text)}</text>`;

/** -log10 P along the genome, chromosomes in two colours. */
function manhattan(result: Result, p: number): string {
  const points = result.rows.filter((row) => typeof row[p] === 'number');
  const logs = points.map((row) => -Math.log10(Math.max(value(row[p]), 1e-300)));
  const top =
    Math.max(
      8,
      ...logs.slice(0, 0),
      logs.reduce((most, log) => Math.max(most, log), 0),
    ) * 1.05;
  const dots = points.map((row, at) => {
    const odd = Number(row[0]) % 2 === 1;
    return `<circle cx="${x(at / points.length)}" cy="${y((logs[at] ?? 0) / top)}" r="1.6" fill="${odd ? '#1c5d99' : '#7aa6cf'}"/>`;
  });
  const line = y(-Math.log10(5e-8) / top);
  const bar = `<path d="M40 ${line}H${width}" stroke="#c33" stroke-dasharray="4"/>${label('0', line, '5e-8')}`;
  return svg('Manhattan: −log₁₀ P 曼哈顿图', bar + dots.join(''));
}

/** Observed against expected -log10 P, with the inflation of the median. */
function quantiles(result: Result, p: number): string {
  const values = result.rows
    .map((row) => value(row[p]))
    .filter((one) => Number.isFinite(one))
    .sort((a, b) => a - b);
  const n = values.length;
  const top = Math.max(-Math.log10(0.5 / Math.max(1, n)), -Math.log10(Math.max(values[0] ?? 1, 1e-300))) * 1.05;
  const dots = values.map((one, at) => {
    const expected = -Math.log10((at + 0.5) / n);
    return `<circle cx="${x(expected / top)}" cy="${y(-Math.log10(Math.max(one, 1e-300)) / top)}" r="1.6" fill="#1c5d99"/>`;
  });
  return svg(
    'QQ: observed against expected −log₁₀ P 分位图',
    `<path d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}" stroke="#c33"/>${dots.join('')}`,
  );
}

/** Eigenvalues of the components. */
function scree(result: Result): string {
  const top = value(result.rows[0]?.[1]) * 1.05;
  const bars = result.rows.map((row, at) => {
    const from = y(value(row[1]) / top);
    const place = x((at + 0.2) / result.rows.length);
    return `<rect x="${place}" y="${from}" width="${(0.6 * (width - 60)) / result.rows.length}" height="${height - 22 - Number(from)}" fill="#1c5d99"/>`;
  });
  return svg('Eigenvalues 特征值', bars.join(''));
}

/** Survival of each group as steps. */
function curves(result: Result): string {
  const colours = ['#1c5d99', '#c33', '#3a3', '#a5a', '#c80'];
  const last = result.rows.reduce((most, row) => Math.max(most, Number(row[1])), 0);
  const groups = Map.groupBy(result.rows, (row) => row[0]);
  const paths = [...groups].map(([group, rows], at) => {
    const steps = rows
      .filter((row) => row[4] !== null)
      .map((row) => `H${x(Number(row[1]) / last)}V${y(Number(row[4]))}`);
    const colour = colours[at % colours.length] ?? '';
    return `<path d="M${x(0)} ${y(1)}${steps.join('')}" fill="none" stroke="${colour}" stroke-width="2"/>${label('60', String(height - 30 - 14 * at), `group ${String(group)}: ${colour}`)}`;
  });
  return svg('Survival 生存曲线', paths.join(''));
}
