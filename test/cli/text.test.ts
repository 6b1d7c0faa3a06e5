import { describe, expect, it } from 'vitest';
import { cut, pad, plain, widthOf, wrap } from '../../src/cli/text.ts';

describe('plain', () => {
  it.each([
    ['clears the screen', '\x1b[2Jgone', '␛[2Jgone'],
    ['sets the title', '\x1b]0;owned\x07', '␛]0;owned␇'],
    ['an 8-bit control sequence', '\u009b31mred', '\ufffd31mred'],
    ['hides a line behind a carriage return', 'user\rroot', 'user␍root'],
    ['turns the direction round', 'abc\u202egpj.exe', 'abc\ufffdgpj.exe'],
    ['isolates', 'a\u2066b\u2069', 'a\ufffdb\ufffd'],
    ['joins words invisibly', 'pay\u200bpal', 'pay\ufffdpal'],
    ['writes in tags that nobody sees', 'ok\u{e0069}\u{e0067}', 'ok\ufffd\ufffd'],
    ['breaks the line', 'a\nb\u2028c', 'a␊b\ufffdc'],
  ])('neutralises what %s', (_what, text, shown) => {
    expect(plain(text)).toBe(shown);
  });
  it('leaves other scripts alone', () => {
    expect(plain('Zoë Ångström 山田 Ж 😀')).toBe('Zoë Ångström 山田 Ж 😀');
  });
  it('can keep lines apart', () => {
    expect(plain('a\nb\x1b', { keepLines: true })).toBe('a\nb␛');
  });
});

describe('width', () => {
  it.each([
    ['abc', 3],
    ['山田', 4],
    ['e\u0301', 1],
    ['😀', 2],
    ['👩‍👩‍👧', 2],
    ['', 0],
    ['ﾊﾝｶｸ', 4],
  ])('%s takes %d columns', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });
  it('is what is padded to and cut at', () => {
    expect(pad('山', 4)).toBe('山  ');
    expect(pad('7', 3, 'right')).toBe('  7');
    expect(cut('山田太郎', 5)).toBe('山田…');
    expect(cut('abcdef', 6)).toBe('abcdef');
    expect(cut('abcdef', 5)).toBe('abcd…');
  });
  it('is never passed by wrapped lines, and no word is lost', () => {
    const text = 'first sign-in from AS9009 in 143; averyveryverylongwordwithoutanyspace 山田太郎山田太郎山田太郎';
    const lines = wrap(text, 12);
    expect(lines.every((line) => widthOf(line) <= 12)).toBe(true);
    expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
  });
});
