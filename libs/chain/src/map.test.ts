import { portableSha256, utf8 } from '@geneward/merkle';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapChanges, mapEntries, mapGet, mapProve, mapRootFrom, mapSet, rootOf, type MapNode } from './map.ts';

const key = fc.integer({ min: 0, max: 40 }).map((n) => utf8(`key ${n}`));
const value = fc.option(
  fc.integer({ min: 0, max: 3 }).map((n) => utf8(`value ${n}`)),
  { nil: undefined },
);
const writes = fc.array(fc.tuple(key, value), { maxLength: 60 });
const build = (steps: readonly (readonly [Uint8Array, Uint8Array | undefined])[], from?: MapNode) =>
  steps.reduce<MapNode | undefined>((map, [k, v]) => mapSet(map, k, v), from);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('the authenticated map', () => {
  it('holds what was written last, as a plain map does', () => {
    fc.assert(
      fc.property(writes, (steps) => {
        const plain = new Map<string, Uint8Array>();
        for (const [k, v] of steps) {
          if (v) plain.set(text(k), v);
          else plain.delete(text(k));
        }
        const map = build(steps);
        expect(new Map([...mapEntries(map)].map(([k, v]) => [text(k), v]))).toEqual(
          new Map([...plain].toSorted(([a], [b]) => (hashed(a) < hashed(b) ? -1 : 1))),
        );
        for (const [k] of steps) expect(mapGet(map, k)).toEqual(plain.get(text(k)));
      }),
    );
  });

  it('has one root for one content, whatever the way to it', () => {
    fc.assert(
      fc.property(writes, (steps) => {
        const map = build(steps);
        const again = build([...mapEntries(map)].toReversed());
        expect(rootOf(again)).toEqual(rootOf(map));
      }),
    );
  });

  it('proves presence and absence, and nothing else', () => {
    fc.assert(
      fc.property(writes, key, (steps, k) => {
        const map = build(steps);
        const held = mapGet(map, k);
        const proof = mapProve(map, k);
        expect(mapRootFrom(k, held, proof)).toEqual(rootOf(map));
        expect(mapRootFrom(k, utf8('a value that nobody wrote'), proof)).not.toEqual(rootOf(map));
        const opposite = held ? undefined : utf8('value 1');
        expect(mapRootFrom(k, opposite, proof)).not.toEqual(rootOf(map));
      }),
    );
  });

  it('tells what differs between two states, so that one leads to the other', () => {
    fc.assert(
      fc.property(writes, writes, (first, second) => {
        const before = build(first);
        const after = build(second, before);
        const changes = mapChanges(before, after);
        expect(rootOf(build(changes, before))).toEqual(rootOf(after));
        expect(changes.every(([k, v]) => String(mapGet(before, k)) !== String(v))).toBe(true);
      }),
    );
  });
});

const hashed = (name: string): string => Buffer.from(portableSha256(utf8(name))).toString('hex');
