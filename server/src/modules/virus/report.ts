import { render, type Finding, type Language } from '@geneward/metadata';
import { reportColumns, reportRow, type Dataset, type GenomeReport } from '@geneward/phylo';
import { ruleCatalogue, type UseTerms } from '@geneward/api';
import type { BatchRow } from './store.ts';

export const findingIn = (finding: Finding, language: Language) => ({
  ...finding,
  ...render(finding, language, ruleCatalogue),
});

/** A genome of a report, with what its table says. */
export interface Told {
  readonly report: GenomeReport;
  readonly withdrawn_at: Date | null;
  readonly collected_from: string | null;
  readonly place: string | null;
  /** Its own terms; those of its batch where null. */
  readonly source: string | null;
  readonly license: string | null;
  readonly terms: string | null;
}

/** The terms of a genome: its own, where it has some. */
const useOf = (told: Told, batch: BatchRow): UseTerms => ({
  source: told.source ?? batch.source,
  license: told.license ?? batch.license,
  terms: told.terms ?? batch.terms,
});

const cell = (value: string): string => value.replaceAll(/[\t\r\n]/g, ' ');

/** The report as a table, a line a genome; what was withdrawn is left out. */
export async function* tsvReport(dataset: Dataset, genomes: AsyncIterable<Told>): AsyncGenerator<string> {
  yield `${reportColumns(dataset).join('\t')}\n`;
  for await (const { report, withdrawn_at } of genomes)
    if (!withdrawn_at) yield `${reportRow(dataset, report).map(cell).join('\t')}\n`;
}

/** One JSON a line. */
export async function* jsonReport(
  batch: BatchRow,
  genomes: AsyncIterable<Told>,
  language: Language,
): AsyncGenerator<string> {
  for await (const told of genomes) {
    if (told.withdrawn_at) continue;
    const findings = told.report.findings.map((one) => findingIn(one, language));
    const { collected_from: collected, place } = told;
    yield `${JSON.stringify({ ...told.report, findings, collected, place, use: useOf(told, batch) })}\n`;
  }
}

const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const words = {
  en: {
    genomes: 'genomes',
    accepted: 'accepted',
    clades: 'Lineages',
    quality: 'Quality',
    along: 'Mutations along the genome (share of genomes)',
    each: 'Each genome',
    columns: [
      'Genome',
      'Lineage',
      'Quality',
      'Coverage',
      'Amino-acid changes',
      'Nearest',
      'Neighbours',
      'What was found',
    ],
    use: 'Source and terms of use',
    data: 'Data set',
    withdrawn: 'withdrawn since and left out',
  },
  zh: {
    genomes: '条基因组',
    accepted: '条通过',
    clades: '谱系',
    quality: '质量',
    along: '沿基因组的突变（占比）',
    each: '逐条结果',
    columns: ['基因组', '谱系', '质量', '覆盖度', '氨基酸变化', '最近节点', '近邻', '发现的问题'],
    use: '来源与使用条款',
    data: '数据集',
    withdrawn: '条其后撤回，未列入',
  },
} as const;

const style =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:1100px;margin:2em auto;padding:0 1em}table{border-collapse:collapse;font-size:13px;width:100%}td,th{padding:3px 8px;text-align:left;vertical-align:top;border-bottom:1px solid #ddd}svg{width:100%;height:auto}.bad{color:#b00}.mediocre{color:#a60}.wide{overflow-x:auto}';

/** A page that needs nothing but a browser: no script, no outside file. Rows beyond the first 2,000 are counted only. */
export async function htmlReport(
  batch: BatchRow,
  dataset: Dataset,
  genomes: AsyncIterable<Told>,
  language: Language,
): Promise<string> {
  const say = words[language];
  const clades = new Map<string, number>();
  const quality = new Map<string, number>();
  const sites = new Map<number, number>();
  const rows: string[] = [];
  let [total, accepted, withdrawn] = [0, 0, 0];
  const count = <K>(map: Map<K, number>, key: K) => map.set(key, (map.get(key) ?? 0) + 1);
  const uses = new Map<string, number>();
  for await (const told of genomes) {
    const { report } = told;
    if (told.withdrawn_at) {
      withdrawn += 1;
      continue;
    }
    total += 1;
    count(uses, JSON.stringify(useOf(told, batch)));
    if (report.accepted) {
      accepted += 1;
      count(clades, report.clade ?? '?');
      count(quality, report.qc?.status ?? '?');
      for (const name of report.nucleotides?.substitutions ?? []) count(sites, Number(/\d+/.exec(name)?.[0] ?? 0));
    }
    if (rows.length < 2000) rows.push(rowOf(report, language));
  }
  return `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(batch.title)}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>${style}</style>
<h1>${escape(batch.title)}</h1>
<p>${total} ${say.genomes}, ${accepted} ${say.accepted}${withdrawn > 0 ? `, ${withdrawn} ${say.withdrawn}` : ''} · ${say.data}: ${escape(`${dataset.name} ${dataset.version}`)} <code>${dataset.hash.slice(0, 12)}</code></p>
<h2>${say.clades}</h2>${bars(clades)}
<h2>${say.quality}</h2>${bars(quality)}
<h2>${say.along}</h2>${along(sites, accepted, dataset)}
<h2>${say.each}</h2><div class="wide"><table><tr>${say.columns.map((name) => `<th>${name}</th>`).join('')}</tr>${rows.join('')}</table></div>
<h2>${say.use}</h2>${useList(uses)}</html>
`;
}

function useList(uses: ReadonlyMap<string, number>): string {
  const items = [...uses].map(([key, genomes]) => {
    const { source, license, terms } = JSON.parse(key) as UseTerms;
    return `<li>${escape(source)} · ${escape(license)} (${genomes})${terms === '' ? '' : `<br>${escape(terms)}`}</li>`;
  });
  return `<ul>${items.join('')}</ul>`;
}

function rowOf(report: GenomeReport, language: Language): string {
  const found = report.findings.map((one) => `${one.code}: ${findingIn(one, language).message}`);
  const cells = [
    report.name,
    report.clade ?? '',
    report.qc ? `${report.qc.status} (${Math.round(report.qc.score)})` : '',
    report.coverage === undefined ? '' : `${(report.coverage * 100).toFixed(1)} %`,
    (report.aminoAcids ?? []).join(' '),
    report.nearest ? `${report.nearest.node} (${report.nearest.distance})` : '',
    (report.neighbours ?? []).map(({ name, date, distance }) => `${name} ${date ?? ''} (${distance})`).join('; '),
    found.join('; '),
  ];
  return `<tr class="${report.qc?.status ?? (report.accepted ? '' : 'bad')}">${cells.map((text) => `<td>${escape(text)}</td>`).join('')}</tr>`;
}

function bars(counts: ReadonlyMap<string, number>): string {
  const most = [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 25);
  const top = most[0]?.[1] ?? 1;
  const lines = most.map(
    ([name, genomes], at) =>
      `<text x="0" y="${at * 22 + 15}" font-size="13">${escape(name)}</text><rect x="200" y="${at * 22 + 3}" width="${(genomes / top) * 600}" height="16" fill="#4c78a8"/><text x="${210 + (genomes / top) * 600}" y="${at * 22 + 15}" font-size="13">${genomes}</text>`,
  );
  return `<svg viewBox="0 0 900 ${most.length * 22 + 4}" role="img">${lines.join('')}</svg>`;
}

function along(sites: ReadonlyMap<number, number>, genomes: number, { reference, annotation }: Dataset): string {
  const x = (position: number) => (position / reference.genome.length) * 900;
  const lines = [...sites].map(
    ([position, count]) =>
      `<line x1="${x(position).toFixed(1)}" x2="${x(position).toFixed(1)}" y1="100" y2="${(100 - (count / Math.max(1, genomes)) * 95).toFixed(1)}" stroke="#e45756"><title>${position}: ${count}</title></line>`,
  );
  const genes = annotation.flatMap(({ name, segments }) =>
    segments.map(
      ([from, to]) =>
        `<rect x="${x(from).toFixed(1)}" y="106" width="${Math.max(1, x(to) - x(from)).toFixed(1)}" height="14" fill="#bbb"><title>${escape(name)}</title></rect>`,
    ),
  );
  return `<svg viewBox="0 0 900 124" role="img"><line x1="0" x2="900" y1="100" y2="100" stroke="#999"/>${lines.join('')}${genes.join('')}</svg>`;
}
