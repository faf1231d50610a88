import { describe, expect, it } from 'vitest';
import { catalogue, objectRules } from './catalogue/core.ts';
import { found } from './found.ts';
import { combineCatalogues, render } from './render.ts';

describe('rendering', () => {
  const finding = found(objectRules.unresolved, { row: 3 }, { value: 'e1', params: { target: 'single_cell' } });

  it('fills the holes in the language of the reader', () => {
    expect(render(finding, 'en', catalogue).message).toBe(
      'The single-cell set "e1" is neither in this submission nor among your objects.',
    );
    expect(render(finding, 'zh', catalogue)).toEqual({
      message: '单细胞数据“e1”既不在本次提交中，也不在您已有的对象中。',
      mend: '请检查拼写，或补充缺少的单细胞数据。',
    });
  });

  it('lets a code without a rule speak for itself', () => {
    expect(render({ ...finding, code: 'GW9999' }, 'en', catalogue)).toEqual({ message: 'GW9999', mend: '' });
  });

  it('does not read holes inside what a user wrote', () => {
    expect(render({ ...finding, value: '{mend} {row}' }, 'en', catalogue).message).toContain('"{mend} {row}"');
  });

  it('cuts a long value', () =>
    expect(found(objectRules.title, {}, { value: 'x'.repeat(500) }).value).toHaveLength(200));
});

describe('catalogues', () => {
  it('are joined in the order of their codes', () => {
    const [first, second] = [objectRules.alias, objectRules.title];
    expect([...combineCatalogues([second], [first]).keys()]).toEqual([first.code, second.code]);
  });

  it('never give one code two meanings', () => {
    expect(() => combineCatalogues([objectRules.alias], [{ ...objectRules.title, code: 'GW2001' }])).toThrow('GW2001');
  });
});
