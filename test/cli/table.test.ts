import { describe, expect, it } from 'vitest';
import { tableText } from '../../src/cli/table.ts';
import { widthOf } from '../../src/cli/text.ts';

describe('tableText', () => {
  it('aligns columns, numbers to the right', () => {
    const text = tableText(
      [{ title: 'USER' }, { title: 'COUNT', align: 'right' }],
      [
        ['ana', '7'],
        ['山田', '1200'],
      ],
      { columns: 80 },
    );
    expect(text).toBe(['USER  COUNT', 'ana       7', '山田   1200'].join('\n'));
  });
  it('stays within the width: the widest column that may give way is cut or wrapped', () => {
    const long = 'Authenticator app registered six minutes after the first sign-in from AS9009 in 143 sign-ins';
    const rows = [['High', 'ana@contoso.test', long]];
    const cutText = tableText([{ title: 'SEVERITY' }, { title: 'USER' }, { title: 'WHY', overflow: 'cut' }], rows, { columns: 60 });
    expect(
      cutText
        .split('\n')
        .map(widthOf)
        .every((width) => width <= 60),
    ).toBe(true);
    expect(cutText).toContain('…');
    const wrapped = tableText([{ title: 'SEVERITY' }, { title: 'USER' }, { title: 'WHY', overflow: 'wrap' }], rows, {
      columns: 60,
      indent: '  ',
    });
    expect(
      wrapped
        .split('\n')
        .map(widthOf)
        .every((width) => width <= 60),
    ).toBe(true);
    expect(wrapped.replace(/\s+/g, ' ')).toContain('sign-in from AS9009 in 143');
  });
  it('lets no field of a log touch the terminal', () => {
    const text = tableText([{ title: 'AGENT' }], [['\x1b[31mred\x1b[0m\r\nnext']], { columns: 80, color: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what must not be there.
    expect(text).not.toMatch(/[\x1b\r]/);
    expect(text.split('\n')).toHaveLength(2);
  });
});
