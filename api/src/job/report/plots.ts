import type { Text } from '@geneward/metadata';
import type { JobResult } from '../result.ts';
import { colourOf, dots, height, label, svg, width, x, y } from './svg.ts';

type Cell = string | number | null | undefined;
type Pick = (text: Text) => string;

/** A number of a cell; what is missing lies behind everything. */
export const valueOf = (cell: Cell): number => (typeof cell === 'number' ? cell : Number.POSITIVE_INFINITY);

const logOf = (p: number): number => -Math.log10(Math.max(p, 1e-300));
const most = (values: Iterable<number>): number => {
  let top = 0;
  for (const value of values) if (value > top) top = value;
  return top;
};

/** The drawings that a result of this shape has. */
export function plotsOf(result: JobResult, pick: Pick, own?: readonly (readonly number[])[]): string[] {
  const at = (name: string) => result.columns.indexOf(name);
  const drawings: string[] = [];
  if (at('P') >= 0 && at('CHR') >= 0) drawings.push(manhattan(result, at('P'), pick), quantiles(result, at('P'), pick));
  if (result.kind === 'pca') drawings.push(scree(result, pick));
  if (own && own.length > 0) drawings.push(scatter(own, pick));
  if (at('SURVIVAL') >= 0) drawings.push(curves(result, at('SURVIVAL'), pick));
  const figure = ['KINSHIP', 'DISTANCE'].find((name) => at(name) >= 0);
  if (figure && at('N2') >= 0) drawings.push(heatMap(result, at(figure), pick));
  return drawings;
}

/** -log10 P along the genome, chromosomes in two colours. */
function manhattan(result: JobResult, p: number, pick: Pick): string {
  const [chromosome, position] = [result.columns.indexOf('CHR'), result.columns.indexOf('BP')];
  const rows = result.rows.filter((row) => typeof row[p] === 'number');
  const ends = new Map<Cell, number>();
  for (const row of rows)
    ends.set(row[chromosome], Math.max(ends.get(row[chromosome]) ?? 1, Number(row[position] ?? 1)));
  const chromosomes = [...ends.keys()].toSorted((a, b) => Number(a) - Number(b));
  const starts = new Map<Cell, number>();
  let whole = 0;
  for (const name of chromosomes) {
    starts.set(name, whole);
    whole += ends.get(name) ?? 0;
  }
  const top = Math.max(8, most(rows.map((row) => logOf(valueOf(row[p]))))) * 1.05;
  const points = rows.map((row) => {
    const place = ((starts.get(row[chromosome]) ?? 0) + Number(row[position] ?? 0)) / Math.max(1, whole);
    const odd = chromosomes.indexOf(row[chromosome]) % 2 === 0;
    return [x(place), y(logOf(valueOf(row[p])) / top), odd ? '#1c5d99' : '#7aa6cf'] as const;
  });
  const line = y(logOf(5e-8) / top);
  const bar = `<path d="M40 ${line}H${width}" stroke="#c33" stroke-dasharray="4"/>${label(0, line, '5e-8')}`;
  const names = chromosomes.map((name) =>
    label(
      x(((starts.get(name) ?? 0) + (ends.get(name) ?? 0) / 2) / Math.max(1, whole)) - 4,
      height - 6,
      String(name ?? ''),
    ),
  );
  return svg(pick({ en: 'Manhattan: −log₁₀ P', zh: '曼哈顿图：−log₁₀ P' }), bar + dots(points) + names.join(''));
}

/** Observed against expected -log10 P, with the inflation of the median. */
function quantiles(result: JobResult, p: number, pick: Pick): string {
  const values = result.rows
    .map((row) => valueOf(row[p]))
    .filter((one) => Number.isFinite(one))
    .toSorted((a, b) => a - b);
  const n = values.length;
  const top = Math.max(logOf(0.5 / Math.max(1, n)), logOf(values[0] ?? 1)) * 1.05;
  const points = values.map((one, at) => [x(logOf((at + 0.5) / n) / top), y(logOf(one) / top), '#1c5d99'] as const);
  return svg(
    pick({ en: 'QQ: observed against expected −log₁₀ P', zh: '分位图：观测与期望 −log₁₀ P' }),
    `<path d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}" stroke="#c33"/>${dots(points)}`,
  );
}

/** Eigenvalues of the components. */
function scree(result: JobResult, pick: Pick): string {
  const top = valueOf(result.rows[0]?.[1]) * 1.05;
  const bars = result.rows.map((row, at) => {
    const from = y(valueOf(row[1]) / top);
    const place = x((at + 0.2) / result.rows.length);
    return `<rect x="${place}" y="${from}" width="${(0.6 * (width - 60)) / result.rows.length}" height="${height - 22 - from}" fill="#1c5d99"/>`;
  });
  return svg(pick({ en: 'Eigenvalues', zh: '特征值' }), bars.join(''));
}

/** One's own individuals on the first two components. */
function scatter(rows: readonly (readonly number[])[], pick: Pick): string {
  const reach = (at: number) => most(rows.map((row) => Math.abs(row[at] ?? 0))) || 1;
  const [wide, high] = [reach(0), reach(1)];
  const points = rows.map(
    (row) => [x(((row[0] ?? 0) / wide + 1) / 2), y(((row[1] ?? 0) / high + 1) / 2), '#1c5d99'] as const,
  );
  return svg(pick({ en: 'PC 1 and PC 2 of your own individuals', zh: '本机构个体的第一、第二主成分' }), dots(points));
}

/** Survival of each group as steps. */
function curves(result: JobResult, survival: number, pick: Pick): string {
  const last = most(result.rows.map((row) => Number(row[1]))) || 1;
  const groups = Map.groupBy(result.rows, (row) => row[0]);
  const paths = [...groups].map(([group, rows], at) => {
    const steps = rows
      .filter((row) => typeof row[survival] === 'number')
      .map((row) => `H${x(Number(row[1]) / last)}V${y(Number(row[survival]))}`);
    const low = height - 30 - 14 * at;
    return `<path d="M${x(0)} ${y(1)}${steps.join('')}" fill="none" stroke="${colourOf(at)}" stroke-width="2"/><rect x="50" y="${low - 9}" width="10" height="10" fill="${colourOf(at)}"/>${label(64, low, String(group))}`;
  });
  return svg(pick({ en: 'Survival', zh: '生存曲线' }), paths.join(''));
}

/** Most rows and columns of a heat map. */
const heatLimit = 120;

/** What pairs of individuals of two institutions (`PARTY1`, `N1`, `PARTY2`, `N2`) share, as squares, the darker the larger. */
function heatMap(result: JobResult, value: number, pick: Pick): string {
  const nameOf = (party: string, n: string) => {
    const [of, at] = [result.columns.indexOf(party), result.columns.indexOf(n)];
    return (one: readonly Cell[]) => `${one[of]} ${one[at]}`;
  };
  const [rowOf, columnOf] = [nameOf('PARTY1', 'N1'), nameOf('PARTY2', 'N2')];
  const places = (of: typeof rowOf) =>
    new Map([...new Set(result.rows.map(of))].slice(0, heatLimit).map((name, at) => [name, at]));
  const [rowAt, columnAt] = [places(rowOf), places(columnOf)];
  const top = most(result.rows.map((one) => (typeof one[value] === 'number' ? Math.abs(one[value]) : 0))) || 1;
  const [wide, high] = [(width - 60) / columnAt.size, (height - 40) / rowAt.size];
  const squares = result.rows.flatMap((one) => {
    const [r, c] = [rowAt.get(rowOf(one)), columnAt.get(columnOf(one))];
    if (r === undefined || c === undefined || typeof one[value] !== 'number') return [];
    const share = Math.abs(one[value]) / top;
    const ink = one[value] < 0 ? '204,51,51' : '28,93,153';
    return `<rect x="${(45 + c * wide).toFixed(1)}" y="${(10 + r * high).toFixed(1)}" width="${wide.toFixed(2)}" height="${high.toFixed(2)}" fill="rgba(${ink},${share.toFixed(3)})"/>`;
  });
  return svg(pick({ en: 'Heat map', zh: '热图' }), squares.join(''));
}
