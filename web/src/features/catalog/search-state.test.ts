import { describe, expect, it } from 'vitest';
import { isUntouched, readSearch, toggleFacet } from './search-state.ts';

describe('the address of a search', () => {
  it('keeps what belongs to a search and nothing else', () => {
    expect(
      readSearch({ q: 'rice', type: 'run', country: ['China', 7], sort: 'newest', evil: '<b>', year: 2024 }),
    ).toEqual({
      q: 'rice',
      type: ['run'],
      country: ['China', '7'],
      sort: 'newest',
      year: ['2024'],
    });
    expect(readSearch({ q: '', sort: 'sideways', type: [{}] })).toEqual({});
    expect(isUntouched(readSearch({ sort: 'title' }))).toBe(true);
  });

  it('ticks and unticks a value', () => {
    const ticked = toggleFacet({ q: 'rice' }, 'type', 'run');
    expect(ticked).toEqual({ q: 'rice', type: ['run'] });
    expect(toggleFacet(toggleFacet(ticked, 'type', 'sample'), 'type', 'run')).toEqual({ q: 'rice', type: ['sample'] });
    expect(toggleFacet(ticked, 'type', 'run')).toEqual({ q: 'rice' });
  });
});
