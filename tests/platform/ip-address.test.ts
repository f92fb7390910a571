import fc from 'fast-check';
import { expect, test } from 'vitest';

import { createAllowlist, parseCidr, parseIpAddress } from '../../src/platform/ip-address.ts';

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['::ffff:cb00:7109', '203.0.113.9'],
  ['0:0:0:0:0:FFFF:CB00:7109', '203.0.113.9'],
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['2001:db8::0:1', '2001:db8::1'],
  ['::', '::'],
  ['::1', '::1'],
])('%s is written %s', (text, canonical) => {
  expect(parseIpAddress(text)?.text).toBe(canonical);
});

test.each([
  '',
  ' 1.2.3.4',
  '1.2.3',
  '01.2.3.4',
  '0x1.2.3.4',
  '1.2.3.4:80',
  '16909060',
  '[::1]',
  'fe80::1%lo',
  '1:2',
  'localhost',
  '1.2.3.4\n',
])('%j is no address', (text) => {
  expect(parseIpAddress(text)).toBeNull();
});

test.each([
  ['203.0.113.9', '203.0.113.9/32'],
  ['203.0.113.9/24', '203.0.113.0/24'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['::/0', '::/0'],
  ['2001:db8::1/32', '2001:db8::/32'],
  ['2001:db8::1', '2001:db8::1/128'],
  ['::ffff:203.0.113.9/120', '203.0.113.0/24'],
])('the range %s is written %s', (text, canonical) => {
  expect(parseCidr(text)?.text).toBe(canonical);
});

test.each([
  '',
  '/8',
  '10.0.0.0/',
  '10.0.0.0/33',
  '10.0.0.0/-1',
  '10.0.0.0/08',
  '10.0.0.0/8/8',
  '::/129',
  '::ffff:0:0/90',
])('%j is no range', (text) => {
  expect(parseCidr(text)).toBeNull();
});

test('a range of one family never includes an address of the other', () => {
  const address = (text: string) => parseIpAddress(text) ?? { family: 'ipv4' as const, text: '' };
  const range = (text: string) => [parseCidr(text)].filter((cidr) => cidr !== null);
  expect(createAllowlist(range('::/0')).includes(address('10.0.0.1'))).toBe(false);
  expect(createAllowlist(range('0.0.0.0/0')).includes(address('::1'))).toBe(false);
  expect(createAllowlist(range('0.0.0.0/0')).includes(address('::ffff:10.0.0.1'))).toBe(true);
});

/** Written down a second time, from the definition: the first `length` bits are equal. */
function bitsOf(text: string): bigint {
  if (!text.includes(':')) return text.split('.').reduce((bits, part) => bits * 256n + BigInt(part), 0n);
  const [head = '', tail = ''] = text.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const middle = text.includes('::') ? Array<string>(8 - left.length - right.length).fill('0') : [];
  return [...left, ...middle, ...right].reduce((bits, part) => bits * 65_536n + BigInt(`0x${part}`), 0n);
}

test.each([
  ['IPv4', fc.ipV4(), 32],
  ['IPv6', fc.ipV6().filter((text) => !text.includes('.') && !/^(0*:)*:?(0*:)*f{4}:/i.test(text)), 128],
])('a range includes exactly the addresses whose first bits are its own: %s', (_family, addresses, width) => {
  const near = fc
    .tuple(addresses, fc.nat(width))
    .chain(([base, length]) =>
      fc.tuple(fc.constant(base), fc.constant(length), fc.oneof(addresses, fc.constant(base))),
    );
  fc.assert(
    fc.property(near, ([base, length, other]) => {
      const address = parseIpAddress(other);
      const cidr = parseCidr(`${base}/${length}`);
      if (!address || !cidr) throw new Error(`not parsed: ${base}/${length}, ${other}`);
      const shift = BigInt(width - length);
      expect(createAllowlist([cidr]).includes(address)).toBe(bitsOf(base) >> shift === bitsOf(other) >> shift);
    }),
    { numRuns: 2000 },
  );
});
