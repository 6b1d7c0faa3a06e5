import { afterAll, beforeAll, expect, test } from 'vitest';
import { ofLines } from '../../src/cli/allow/entries.ts';

// Far from UTC: a time that is read in the zone of the machine is another one.
const before = process.env['TZ'];
beforeAll(() => {
  process.env['TZ'] = 'Pacific/Auckland';
});
afterAll(() => {
  if (before === undefined) delete process.env['TZ'];
  else process.env['TZ'] = before;
});

const linesOf = (text: string) => ofLines(text, 'vpn.txt', () => ({ kind: 'egress-range', untilMs: undefined, reason: '' }));

test.each([
  ['2026-12-31', '2026-12-31T00:00:00Z'],
  ['2026-12-31T10:00', '2026-12-31T10:00:00Z'],
  ['2026-12-31T10:00:00+02:00', '2026-12-31T08:00:00Z'],
])('an entry until %s ends at %s, wherever the machine stands', (written, meant) => {
  expect(new Date(2026, 0, 1).getTimezoneOffset()).toBe(-13 * 60);
  expect(linesOf(`203.0.113.0/24 until ${written}  # VPN\n`)).toEqual([
    { kind: 'egress-range', value: '203.0.113.0/24', untilMs: Date.parse(meant), reason: 'VPN', source: 'vpn.txt:1' },
  ]);
});

test('a day that no calendar has is refused, with its line', () => {
  expect(() => linesOf('# VPN\n203.0.113.0/24 until 2026-02-31\n')).toThrow(
    expect.objectContaining({ exitCode: 78, where: { file: 'vpn.txt', line: 2 } }),
  );
});

test('a # within a name is part of it, as of a guest', () => {
  const [guest] = linesOf('ann_fabrikam.test#EXT#@contoso.test # partner');
  expect(guest).toMatchObject({ value: 'ann_fabrikam.test#EXT#@contoso.test', reason: 'partner' });
});
