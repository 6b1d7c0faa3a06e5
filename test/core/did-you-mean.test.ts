import { describe, expect, it } from 'vitest';
import { closest, didYouMean } from '../../src/core/did-you-mean.ts';

describe('closest', () => {
  const known = ['default_target', 'targets', 'version', 'retry'];
  it.each([
    ['defualt_target', 'default_target'],
    ['target', 'targets'],
    ['Version', 'version'],
    ['rety', 'retry'],
  ])('%s was meant as %s', (word, meant) => {
    expect(closest(word, known)).toBe(meant);
  });
  it.each(['xyz', 'a', '', 'something_else_entirely'])('%j is near none', (word) => {
    expect(closest(word, known)).toBeUndefined();
    expect(didYouMean(word, known)).toBe('');
  });
});
