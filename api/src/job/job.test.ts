import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical.ts';
import { explainJob } from './explain.ts';
import { isSplit, jobLayer, jobSpecification, type JobKind, type JobSpecification } from './specification.ts';
import { jobTemplates } from './templates.ts';

const hex = (byte: string) => byte.repeat(32);
/** Who holds what where a study is split; nobody says it elsewhere. */
const splitRoles = ['genotypes', 'phenotypes', 'helper'];
const draft = (analysis: unknown, parties = 3): unknown => ({
  version: 1,
  analysis,
  parties: Array.from({ length: parties }, (_, at) => ({
    name: `p${at}`,
    fingerprint: hex(`a${at}`),
    commitment: hex(`c${at}`),
    ...(isSplit((analysis as { kind: JobKind }).kind) && { role: splitRoles[at] }),
  })),
  thresholds: { individuals: 100, cell: 5 },
  ambiguous: 'exclude',
  purpose: 'A study',
  references: [],
  nonce: hex('00'),
});

describe('canonical JSON', () => {
  it('equals the example of RFC 8785 section 3.2.3 and sorts by UTF-16 code units', () => {
    const value = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"\u002f',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
    expect(
      canonicalJson({ '\u20ac': 1, '\r': 2, '\ufb33': 3, 1: 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 }),
    ).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
  });

  it('refuses what JSON does not hold', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, undefined, '\ud800', [undefined], { a: () => 1 }])
      expect(() => canonicalJson(value)).toThrow(TypeError);
  });
});

describe('job specification', () => {
  it('takes every template and tells in both languages who learns what', () => {
    for (const { analysis, security } of jobTemplates) {
      const parties = jobLayer[analysis.kind] === 'intersection' ? 2 : 3;
      const job = jobSpecification.parse({ ...(draft(analysis, parties) as object), ...(security && { security }) });
      const told = explainJob(job);
      expect(told.length).toBeGreaterThan(3);
      for (const {
        text: { en, zh },
      } of told)
        expect([en.length > 20, /[\u4e00-\u9fff]/.test(zh)]).toEqual([true, true]);
    }
  });

  it('says that two parties can subtract, and how many must collude among more', () => {
    const told = (parties: number) =>
      explainJob(jobSpecification.parse(draft({ kind: 'pca', components: 2 }, parties)))
        .map(({ text }) => text.en)
        .join('\n');
    expect(told(2)).toContain('p0 gets the totals of p1 exactly');
    expect(told(5)).toContain('p1, p2, p3 and p4 together get the totals of p0');
    expect(told(6)).toContain('Any 5 of the parties');
  });

  it('says of a split study who can work out what from the results, and takes only one holder of each', () => {
    const analysis = { kind: 'split-association', status: 'disease', release: 'counts' } as const;
    const given = { ...(draft(analysis) as JobSpecification), security: 'malicious' as const };
    const told = explainJob(jobSpecification.parse(given));
    expect(told.find(({ code }) => code === 'solvable')?.who).toEqual(['p0']);
    expect(told.find(({ code }) => code === 'common-individuals')?.who).toEqual(['p0', 'p1']);
    expect(told.find(({ code }) => code === 'made-up')?.when).toBe('deviation');
    expect(told.find(({ code }) => code === 'variant-lists')?.who).toEqual(['p0']);
    const withRoles = (...roles: (JobSpecification['parties'][number]['role'] & string)[]) =>
      jobSpecification.safeParse({
        ...given,
        parties: given.parties.map((party, at) => ({ ...party, role: roles[at] })),
      });
    expect(withRoles('genotypes', 'genotypes', 'helper').success).toBe(false);
    expect(withRoles('genotypes', 'phenotypes', 'data').success).toBe(false);
    const other = { ...given, analysis: { kind: 'association', status: 'fam', release: 'counts' } };
    expect(jobSpecification.safeParse(other).success).toBe(false);
  });

  it('names the pairs of nodes that would see everything, and the security that was asked for', () => {
    const over = (security: string, nodes?: string[]) =>
      explainJob(
        jobSpecification.parse({
          ...(draft({ kind: 'association', status: 'fam', release: 'statistic' }, 4) as object),
          security,
          ...(nodes && { nodes }),
        }),
      ).map(({ when, code, who }) => `${when} ${code} ${who.join('+')}`);
    expect(over('malicious')).toContain('collusion all-inputs p0+p2');
    expect(over('malicious', ['p3', 'p1', 'p2'])).toContain('collusion all-inputs p3+p1');
    expect(over('malicious')).toContain('deviation nothing p1');
    expect(over('malicious')).not.toContain('deviation unchecked p0+p1+p2');
    expect(over('semi-honest')).toContain('deviation unchecked p0+p1+p2');
    expect(over('semi-honest')).toContain('always result p0+p1+p2+p3');
  });

  it.each([
    ['shares without a security', {}, 3],
    ['shares among two', { security: 'malicious' }, 2],
    ['nodes that are no parties', { security: 'malicious', nodes: ['p0', 'p1', 'x'] }, 3],
    ['a node twice', { security: 'malicious', nodes: ['p0', 'p1', 'p1'] }, 3],
  ])('refuses %s', (_, more, parties) => {
    const analysis = { kind: 'association', status: 'fam', release: 'counts' };
    expect(jobSpecification.safeParse({ ...(draft(analysis, parties) as object), ...more }).success).toBe(false);
  });

  it('refuses a malicious sum, and an overlap of three', () => {
    const sum = { ...(draft({ kind: 'pca', components: 2 }) as object), security: 'malicious' };
    expect(jobSpecification.safeParse(sum).success).toBe(false);
    expect(jobSpecification.safeParse(draft({ kind: 'overlap', reveal: 'items' })).success).toBe(false);
  });

  it.each([
    ['one party', (job: JobSpecification) => ({ ...job, parties: job.parties.slice(0, 1) })],
    ['a party twice', (job: JobSpecification) => ({ ...job, parties: [...job.parties, ...job.parties.slice(0, 1)] })],
    ['an unknown member', (job: JobSpecification) => ({ ...job, extra: 1 })],
    ['no purpose', (job: JobSpecification) => ({ ...job, purpose: '' })],
    ['another version', (job: JobSpecification) => ({ ...job, version: 2 })],
  ])('refuses %s', (_, change) => {
    const job = jobSpecification.parse(draft({ kind: 'pca', components: 2 }));
    expect(jobSpecification.safeParse(change(job)).success).toBe(false);
  });
});
