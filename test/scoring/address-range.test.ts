import { BlockList, isIP } from 'node:net';
import { describe, expect, test } from 'vitest';
import { addressOf, holds, rangeOf, vouchedRange } from '../../src/scoring/address-range.ts';

/** As Node itself reads addresses and ranges. */
function nodeHolds(range: string, address: string): boolean {
  const [base = '', bits] = range.split('/');
  const list = new BlockList();
  const family = (text: string) => (isIP(text) === 4 ? 'ipv4' : 'ipv6');
  if (bits === undefined) list.addAddress(base, family(base));
  else list.addSubnet(base, Number(bits), family(base));
  return list.check(address, family(address));
}

const ADDRESSES = [
  '198.51.100.7',
  '198.51.100.0',
  '198.51.0.100',
  '203.0.113.5',
  '203.0.112.255',
  '10.0.0.1',
  '8.0.0.1',
  '0.0.0.10',
  '2001:db8::1',
  '2001:db8:1::1',
  '::ffff:203.0.113.5',
  '::ffff:198.51.100.7',
];

describe('a range holds what it says, as Node has it', () => {
  test.each([
    '198.51.100.7',
    '198.51.100.0/24',
    '203.0.112.0/23',
    '10.0.0.0/8',
    '128.0.0.0/1',
    '0.0.0.0/1',
    '2001:db8::/32',
    '2001:DB8:1:0:0:0:0:1',
    '2001:db8::1/128',
    '::ffff:203.0.113.0/120',
    '::ffff:cb00:7105',
    '::ffff:203.0.113.5/128',
  ])('%s', (text) => {
    const held = ADDRESSES.filter((address) => holds(vouchedRange(text), addressOf(address)!));
    expect(held).toEqual(ADDRESSES.filter((address) => nodeHolds(text, address)));
  });
});

test('what Node takes for no address vouches for nothing', () => {
  const slips = [
    '198.51.100',
    '198.51',
    '10',
    '010.0.0.1',
    '198.051.100.7',
    '0x0a000001',
    '0x0a.0.0.1',
    '3325256711',
    '256.1.1.1',
    '1.2.3.4.5',
    '1..2.3',
    '198.51.100.7 ',
    '::ffff:010.0.0.1',
    '::ffff:1.2.3.08',
    '::ffff:0x0a.0.0.1',
    '::ffff:1.2.3',
    '2001:db8:::1',
    '1::2::3',
    '[2001:db8::1]',
    '2001:db8::00001',
    'office',
    '',
  ];
  expect(slips.filter((text) => isIP(text) !== 0)).toEqual([]);
  for (const text of [...slips, ...slips.map((slip) => `${slip}/32`)]) {
    expect(rangeOf(text), text).toBeUndefined();
    expect(() => vouchedRange(text), text).toThrow(
      expect.objectContaining({ code: 'allow-address', exitCode: 78, hint: expect.stringContaining('leading zeros') }),
    );
  }
});

test.each([
  '198.51.100.0/33',
  '198.51.100.0/',
  '198.51.100.0/024',
  '198.51.100.0/-1',
  '198.51.100.0/24/24',
  '198.51.100.0/255.255.255.0',
  '2001:db8::/129',
  // An address of one link of one machine, and a form that RFC 4291 has given up and that libraries read in two ways.
  'fe80::1%eth0',
  '::192.0.2.1',
])('%s is refused', (text) => {
  expect(() => vouchedRange(text)).toThrow(expect.objectContaining({ code: 'allow-address' }));
});

test.each([
  ['0.0.0.0/0', 'IPv4'],
  ['198.51.100.0/0', 'IPv4'],
  ['::/0', 'IPv6'],
  ['::ffff:0:0/96', 'IPv4'],
  // Meant was /24 of IPv4, or /120.
  ['::ffff:203.0.113.0/24', 'IPv4'],
])('%s is refused: it holds every %s address', (text, family) => {
  expect(() => vouchedRange(text)).toThrow(
    expect.objectContaining({
      code: 'allow-address',
      message: `${text} holds every ${family} address`,
      hint: expect.stringContaining('your own networks'),
    }),
  );
});

test('an address is looked up without its zone', () => {
  expect(holds(vouchedRange('fe80::/10'), addressOf('fe80::1%eth0')!)).toBe(true);
  expect(addressOf('198.51.100')).toBeUndefined();
});
