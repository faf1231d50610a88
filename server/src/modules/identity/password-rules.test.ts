import fc from 'fast-check';
import { expect, it } from 'vitest';
import { faultOf, passwordRules } from './password-rules.ts';

const today = new Date('2026-06-01T00:00:00Z');
const asvs = passwordRules('asvs', today);
const mlps = passwordRules('mlps', today);
const who = ['Wang Xiaoming 王小明', 'xiaoming.wang@genomics.example', 'Geneward'];

it.each([
  ['fourteen characters', 'abcdefgh ijkl!', 'password_too_short'],
  ['fifteen', 'quiet heron two', undefined],
  ['fifteen Chinese characters', '春眠不觉晓处处闻啼鸟夜来风雨声', undefined],
  ['no kinds asked for', 'quietherontwolakes', undefined],
  ['too long', 'x'.repeat(129), 'password_too_long'],
  ['64 characters are fine', `${'quiet heron '.repeat(5)}tide`, undefined],
  ['a common one repeated', 'passwordpassword', 'password_common'],
  ['a common one with digits behind', 'password20262026', 'password_common'],
  ['one from the list of leaks', '1qaz2wsx3edc4rfv', 'password_common'],
  ['one letter', 'aaaaaaaaaaaaaaaa', 'password_common'],
  ['a run of digits', '12345678901234567', 'password_common'],
  ['a run of letters backwards', 'zyxwvutsrqponmlkj', 'password_common'],
  ['the name and the platform', 'xiaoming.geneward1', 'password_context'],
  ['the address', 'xiaoming.wang@genomics', 'password_context'],
  ['the Chinese name', '王小明王小明王小明王小明王小明', 'password_common'],
  ['the Chinese name and little more', '我是王小明王小明王小明王小明你好', 'password_context'],
  ['the name among enough else', 'xiaoming likes tall quiet herons', undefined],
])('profile asvs: %s', (_what, password, code) => {
  expect(faultOf(password, asvs, who)?.code).toBe(code);
});

it.each([
  ['seven characters', 'Ab3$efg', 'password_too_short'],
  ['two kinds', 'heronlakes42', 'password_classes'],
  ['three kinds', 'Heronlakes42', undefined],
  ['four kinds', 'Heron-42-lakes', undefined],
  ['common, though of three kinds', 'Password1!', 'password_common'],
])('profile mlps: %s', (_what, password, code) => {
  expect(faultOf(password, mlps, who)?.code).toBe(code);
});

it('counts characters as people see code points, after normalisation', () => {
  expect(faultOf('é'.normalize('NFD').repeat(14), asvs, [])?.code).toBe('password_too_short');
});

it('takes what nobody could guess', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0x21, max: 0x7e }), { minLength: 20, maxLength: 60 }), (codes) => {
      fc.pre(new Set(codes).size > 10);
      expect(faultOf(String.fromCharCode(...codes), asvs, [])).toBeUndefined();
    }),
  );
});

it('has a source and a date for every pack, and takes the pack in force', () => {
  expect(asvs.source.join(' ')).toContain('ASVS 5.0.0');
  expect(mlps.source.join(' ')).toContain('GB/T 22239-2019');
  expect(passwordRules('mlps', new Date('2018-01-01')).validFrom).toBe('2019-12-01');
});
