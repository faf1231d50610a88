import { describe, expect, it } from 'vitest';
import type { JobResult } from '../result.ts';
import { jobSpecification, type JobSpecification } from '../specification.ts';
import { htmlReport } from './html.ts';
import { resultTsv } from './tsv.ts';

const hex = (byte: string) => byte.repeat(32);
const job = (analysis: JobSpecification['analysis'], purpose = 'A study'): JobSpecification =>
  jobSpecification.parse({
    version: 1,
    analysis,
    parties: ['a', 'b', 'c'].map((name, at) => ({
      name,
      fingerprint: hex(`a${at}`),
      commitment: hex(`c${at}`),
    })),
    thresholds: { individuals: 1, cell: 0 },
    ambiguous: 'exclude',
    purpose,
    references: [],
    nonce: hex('00'),
  });
const result = (kind: string, columns: string[], rows: JobResult['rows']): JobResult => ({
  kind,
  individuals: 90,
  columns,
  rows,
  summary: { variants: rows.length },
});
const circles = (html: string) => html.split('<circle').length - 1;

describe('a report', () => {
  const study = job({ kind: 'case-control', status: 'fam' });
  const columns = ['CHR', 'BP', 'SNP', 'P'];
  const variants = (count: number) =>
    Array.from({ length: count }, (_, at) => [String((at % 22) + 1), at * 1000, `rs${at}`, (at + 1) / count]);

  it('asks for nothing outside of itself, in either language', () => {
    for (const language of ['en', 'zh'] as const) {
      const html = htmlReport(study, result('case-control', columns, variants(300)), language);
      expect(html).toContain("default-src 'none'");
      expect(html).not.toMatch(/<script|<link|<img|\bsrc=|href=|url\(|https?:/);
      expect(html.match(/<svg/g)).toHaveLength(2);
      expect(/[\u4e00-\u9fff]/.test(html)).toBe(language === 'zh');
    }
  });

  it('has the text of others as text', () => {
    const html = htmlReport(
      job(study.analysis, '<script>alert(1)</script>'),
      result('case-control', columns, [['1', 5, '"><b>', 0.5]]),
      'en',
    );
    expect(html).not.toMatch(/<script>|<b>/);
  });

  it('is not larger for a hundred times as many variants than the screen has dots', () => {
    const html = htmlReport(study, result('case-control', columns, variants(100_000)), 'en');
    expect(circles(html)).toBeLessThan(30_000);
    expect(html.length).toBeLessThan(4_000_000);
  });

  it('draws components, one’s own individuals, survival and matrices, and what is missing not at all', () => {
    const pca = job({ kind: 'pca', components: 2 });
    const components = result(
      'pca',
      ['PC', 'EIGENVALUE'],
      [
        [1, 4.2],
        [2, 1.1],
      ],
    );
    expect(htmlReport(pca, components, 'en').match(/<svg/g)).toHaveLength(1);
    expect(
      circles(
        htmlReport(pca, components, 'en', [
          [0.1, -0.2],
          [0.3, 0.1],
        ]),
      ),
    ).toBe(2);
    const survival = result(
      'survival',
      ['GROUP', 'TIME', 'AT_RISK', 'EVENTS', 'SURVIVAL', 'SE'],
      [
        [0, 6, 10, 2, 0.8, 0.1],
        [0, 12, null, null, null, null],
        [1, 6, 12, 3, 0.75, 0.1],
      ],
    );
    const curves = htmlReport(study, survival, 'en');
    expect(curves.match(/stroke-width="2"/g)).toHaveLength(2);
    expect(curves).not.toContain('NaN');
    const matrix = result(
      'kinship',
      ['PARTY1', 'N1', 'PARTY2', 'N2', 'KINSHIP', 'DEGREE'],
      [
        ['alpha', 1, 'beta', 1, 0.25, 1],
        ['alpha', 1, 'gamma', 1, -0.02, null],
        ['alpha', 2, 'beta', 1, null, null],
      ],
    );
    expect(htmlReport(study, matrix, 'en').match(/fill="rgba/g)).toHaveLength(2);
    const distances = result(
      'sequence-distance',
      ['PARTY1', 'N1', 'PARTY2', 'N2', 'DISTANCE'],
      [['alpha', 1, 'beta', 1, 4]],
    );
    expect(htmlReport(study, distances, 'zh')).toContain('热图');
    const close = result('sequence-distance', ['PARTY1', 'N1', 'PARTY2', 'N2'], [['alpha', 1, 'beta', 1]]);
    expect(htmlReport(study, close, 'en')).not.toContain('Heat map');
    for (const empty of [result('case-control', columns, []), result('survival', survival.columns.slice(), [])])
      expect(htmlReport(study, empty, 'zh')).not.toMatch(/NaN|Infinity/);
  });

  it('comes as a table with NA where nothing is', () => {
    expect(resultTsv(result('pca', ['PC', 'EIGENVALUE'], [[1, null]]))).toBe('PC\tEIGENVALUE\n1\tNA\n');
  });
});
