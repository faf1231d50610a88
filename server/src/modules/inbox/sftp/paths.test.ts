import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { absolute, draftFolder, placeOf } from './paths.ts';

it.each([
  ['.', { kind: 'root' }],
  ['/', { kind: 'root' }],
  ['/inbox', { kind: 'inbox' }],
  ['inbox/a.fq', { kind: 'file', name: 'a.fq' }],
  ['/inbox/./x/../a.fq', { kind: 'file', name: 'a.fq' }],
  ['/../../inbox//a.fq', { kind: 'file', name: 'a.fq' }],
  ['/drafts/', { kind: 'drafts' }],
  ['/drafts/Leaf 12345678', { kind: 'draft', draft: 'Leaf 12345678' }],
  ['/drafts/Leaf 12345678/a.fq', { kind: 'file', draft: 'Leaf 12345678', name: 'a.fq' }],
  ['/inbox/deep/a.fq', undefined],
  ['/drafts/a/b/c', undefined],
  ['/etc/passwd', undefined],
])('takes %s for its place', (path, place) => {
  expect(placeOf(path)).toEqual(place);
});

it('never leaves the root, whatever is asked for', () => {
  fc.assert(
    fc.property(fc.string(), (path) => {
      const whole = absolute(path);
      expect(whole.startsWith('/')).toBe(true);
      expect(whole.split('/').includes('..')).toBe(false);
      expect(absolute(whole)).toBe(whole);
    }),
  );
});

it('names the folder of a draft so that its path leads back to it, whatever its title', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (title) => {
      const draft = draftFolder({ id: '0198c0de-0000-7000-8000-0123456789ab', title });
      expect(placeOf(`/drafts/${draft}`)).toEqual({ kind: 'draft', draft });
    }),
  );
});
