import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysIn, earliest, isoDay, latest, readDate } from './date.ts';
import { readNull } from './null-term.ts';
import { mendNumber, readNumber, splitMeasure } from './number.ts';
import { readPlaceName } from './place-name.ts';
import { readCoordinate, readPoint, writePoint } from './point.ts';
import { sameUnit } from './unit.ts';
import { nullTerms } from '../data/vocabularies/null-terms.ts';

const day = fc
  .date({ min: new Date('1000-01-01T00:00:00Z'), max: new Date('2999-12-31T00:00:00Z'), noInvalidDate: true })
  .map(isoDay);

describe('dates', () => {
  it('takes every day of the calendar and no other', () => {
    fc.assert(fc.property(day, (text) => readDate(text).ok));
    fc.assert(
      fc.property(
        fc.integer({ min: 1000, max: 2999 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 31 }),
        (year, month, date) => {
          const text = `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
          const real = new Date(`${text}T00:00:00Z`).getUTCDate() === date;
          expect(readDate(text).ok).toBe(real);
          expect(date <= daysIn(year, month)).toBe(real);
        },
      ),
    );
  });

  it('takes a range exactly when it runs forwards', () => {
    fc.assert(fc.property(day, day, (a, b) => readDate(`${a}/${b}`).ok === a <= b));
  });

  it('offers only what it would accept', () => {
    const odd = [
      '12-Jan-2020',
      'Jan-2020',
      'January 2020',
      '2020/1/5',
      '2020年1月5日',
      '20200105',
      '25/12/2020',
      '2020-1-5',
      '2021-05/2020-05',
      '2020-01-12 08:30',
      '2020-01 to 2020-03',
      ' 2020 ',
    ];
    for (const text of odd) {
      const reading = readDate(text);
      expect(reading.ok).toBe(false);
      const suggestion = reading.ok ? undefined : reading.suggestion;
      expect(suggestion && readDate(suggestion).ok, `${text} → ${suggestion}`).toBe(true);
    }
  });

  it.each([
    '2016-02-31',
    '2020-13',
    '2020-00-10',
    '2020-01-01T25:61Z',
    '2020-01-01T10:60',
    '0000',
    '2020-01-01T10:00+15:00',
  ])('refuses %s as no time of any calendar', (text) => {
    expect(readDate(text)).toEqual({ ok: false, fault: 'calendar' });
  });

  it.each([
    '2020-01-01T10:00+09:00',
    '2020-01-01T10Z',
    '2020-01-01T10:00:00.5Z',
    '2008-01-23T19:23:10+00:00',
    '2020/2021-03',
  ])('takes %s', (text) => {
    expect(readDate(text).ok).toBe(true);
  });

  it('never guesses which of two numbers is the month', () => {
    expect(readDate('03/04/2020')).toEqual({ ok: false, fault: 'ambiguous' });
    expect(readDate('04.04.2020')).toMatchObject({ suggestion: '2020-04-04' });
  });

  it('bounds what an incomplete date may mean', () => {
    fc.assert(fc.property(fc.integer({ min: 1000, max: 2999 }), (year) => earliest({ year }) < latest({ year })));
    expect(latest({ year: 2020, zone: 0 }) - earliest({ year: 2020, zone: 0 })).toBe(366 * 86_400_000 - 1000);
  });

  it('reads any text without throwing', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof readDate(text).ok === 'boolean'));
  });
});

describe('points', () => {
  const degrees = (bound: number) =>
    fc.double({ min: -bound, max: bound, noNaN: true }).map((value) => Number(value.toFixed(6)) + 0);

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(degrees(90), degrees(180), (latitude, longitude) => {
        const reading = readPoint(writePoint({ latitude, longitude }));
        expect(reading.ok).toBe(true);
        if (!reading.ok) return;
        expect(reading.point.latitude).toBeCloseTo(latitude, 8);
        expect(reading.point.longitude).toBeCloseTo(longitude, 8);
      }),
    );
  });

  it('holds the bounds that other archives let pass', () => {
    for (const text of ['98.98 N 277.11 W', '91 0', '0 181', '90.0001 N 0 E'])
      expect(readPoint(text)).toMatchObject({ ok: false, fault: 'bounds' });
    expect(readPoint('114.06 N 22.54 E')).toEqual({ ok: false, fault: 'bounds', suggestion: '22.54 N 114.06 E' });
    expect(readCoordinate('abc9', 90)).toBeUndefined();
    expect(readCoordinate('150.00', 90)).toBeUndefined();
    expect(readCoordinate('-33.9', 90)).toBe(-33.9);
  });

  it('turns degrees, minutes and seconds into a suggestion', () => {
    expect(readPoint(`22°32'24"S, 114°03'36"W`)).toEqual({
      ok: false,
      fault: 'notation',
      suggestion: '22.54 S 114.06 W',
    });
    expect(readPoint(`22°72'00"N 114°03'36"E`)).toEqual({ ok: false, fault: 'bounds' });
  });
});

describe('places', () => {
  it('parts country, region and locality', () => {
    expect(readPlaceName('China:Guangdong, Shenzhen, Yantian')).toMatchObject({
      ok: true,
      region: 'Guangdong',
      locality: 'Shenzhen, Yantian',
    });
    expect(readPlaceName('Pacific Ocean')).toMatchObject({ ok: true, country: { sea: true } });
  });

  it.each([
    ['Vietnam:Hanoi', 'Viet Nam:Hanoi'],
    ['中国:广东', 'China:广东'],
    ['Grmany', 'Germany'],
    ['China, Guangdong', 'China:Guangdong'],
    ['China:', 'China'],
    ['usa: Maryland', 'USA:Maryland'],
  ])('offers for %s: %s', (text, suggestion) => {
    expect(readPlaceName(text)).toMatchObject({ ok: false, suggestion });
    expect(readPlaceName(suggestion).ok).toBe(true);
  });
});

describe('null terms', () => {
  it('knows the thirteen of INSDC, eight with a reason', () => {
    expect(nullTerms.terms).toHaveLength(13);
    expect(nullTerms.terms.filter(({ value }) => readNull(value)?.kind === 'reported')).toHaveLength(8);
  });

  it.each([
    ['N/A', 'not applicable'],
    ['na', 'not applicable'],
    ['Unknown', 'missing'],
    ['.', 'missing'],
    ['--', 'missing'],
    ['未知', 'missing'],
    ['NOT COLLECTED', 'not collected'],
    ['Missing: Lab Stock', 'missing: lab stock'],
    ['missing:lab stock', 'missing: lab stock'],
  ])('%s means %s', (text, suggestion) => {
    expect(readNull(text)).toMatchObject({ suggestion });
    expect(readNull(suggestion)).toMatchObject({ term: suggestion });
  });

  it.each(['Nanjing', 'sodium', '-80', 'none of the above', ''])('%s is a value', (text) =>
    expect(readNull(text)).toBeUndefined(),
  );
});

describe('numbers and units', () => {
  it('reads what JavaScript prints', () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (n) => readNumber(String(n)) === n));
  });

  it.each(['', ' 1', '1,5', '0x10', 'Infinity', '1e', '１２'])('refuses "%s"', (text) =>
    expect(readNumber(text)).toBeUndefined(),
  );

  it.each([
    ['1,234,567.5', '1234567.5'],
    ['3,5', '3.5'],
    ['１２', '12'],
  ])('offers for %s: %s', (text, mended) => expect(mendNumber(text)).toBe(mended));

  it('parts a number from the unit behind it', () => {
    expect(splitMeasure('5.5 m')).toEqual({ number: '5.5', unit: 'm' });
    expect(splitMeasure('1 - 2 mg/L')).toEqual({ number: '1-2', unit: 'mg/L' });
    expect(splitMeasure('2020-01-01')).toBeUndefined();
  });

  it.each([
    ['meters', ['m'], 'm'],
    ['ºC', ['°C'], '°C'],
    ['℃', ['ºC'], 'ºC'],
    ['uM', ['µmol/L'], 'µmol/L'],
    ['μm', ['µm'], 'µm'],
    ['years', ['year', 'month'], 'year'],
  ])('%s is one of %j', (written, permitted, unit) => expect(sameUnit(written, permitted)).toBe(unit));

  it('does not take a metre for a mile', () => expect(sameUnit('mile', ['m', 'mm'])).toBeUndefined());
});
