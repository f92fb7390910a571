import fc from 'fast-check';
import { expect, test } from 'vitest';

import { createClientAddressResolver } from '../../src/platform/client-address.ts';
import { parseIpAddress } from '../../src/platform/ip-address.ts';

const PROXY = '10.0.0.1';
const resolver = createClientAddressResolver(['10.0.0.0/8', '2001:db8::1']);
const resolve = (peer: string | undefined, forwarded?: string): string | null =>
  resolver.resolve(peer, forwarded)?.text ?? null;

test.each<[string, string | undefined, string | undefined, string | null]>([
  ['nobody forwards: the peer itself', '203.0.113.9', undefined, '203.0.113.9'],
  ['an untrusted peer is not believed', '203.0.113.9', '6.6.6.6', '203.0.113.9'],
  ['an untrusted peer is not believed even when it names a proxy', '203.0.113.9', PROXY, '203.0.113.9'],
  ['a trusted peer without the header stands for itself', PROXY, undefined, PROXY],
  ['a trusted peer: the last address', PROXY, '203.0.113.9', '203.0.113.9'],
  ['what stands left of it is anybody’s claim', PROXY, '6.6.6.6, 203.0.113.9', '203.0.113.9'],
  ['a chain of proxies is walked from the right', PROXY, '6.6.6.6, 203.0.113.9, 10.1.1.1,10.2.2.2', '203.0.113.9'],
  ['only proxies: the first of them', PROXY, '10.3.3.3, 10.2.2.2', '10.3.3.3'],
  ['a mapped peer is the IPv4 address it maps', '::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['a mapped entry is the IPv4 address it maps', PROXY, '::ffff:cb00:7109', '203.0.113.9'],
  ['an IPv6 entry in any spelling', PROXY, '2001:DB8:0:0::9', '2001:db8::9'],
  ['an IPv6 proxy', '2001:db8:0::1', '203.0.113.9', '203.0.113.9'],
  ['the zone of a link-local peer is not part of its address', 'fe80::1%eth0', undefined, 'fe80::1'],
  ['no peer', undefined, '203.0.113.9', null],
  ['a peer that is no address', 'unix', undefined, null],
  ['an empty header', PROXY, '', null],
  ['an empty last entry', PROXY, '203.0.113.9,', null],
  ['an entry with a port', PROXY, '203.0.113.9:80', null],
  ['an entry in brackets', PROXY, '[2001:db8::9]', null],
  ['an entry with a zone', PROXY, 'fe80::1%eth0', null],
  ['an octal entry', PROXY, '010.0.0.1', null],
  ['an entry as one number', PROXY, '3405803785', null],
  ['a name', PROXY, 'unknown', null],
  ['something unreadable between proxies', PROXY, '203.0.113.9, unknown, 10.1.1.1', null],
])('%s', (_what, peer, forwarded, expected) => {
  expect(resolve(peer, forwarded)).toBe(expected);
});

test('ten thousand entries are walked, and what an unknown sender wrote on the left never wins', () => {
  expect(resolve(PROXY, `${'6.6.6.6, '.repeat(10_000)}203.0.113.9`)).toBe('203.0.113.9');
  expect(resolve(PROXY, `203.0.113.9${', 10.1.1.1'.repeat(10_000)}`)).toBe('203.0.113.9');
});

test('no prefix that a caller sends changes the address that its last proxy saw', () => {
  const ipv4 = fc.ipV4().filter((text) => !text.startsWith('10.'));
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), ipv4, (claimed, seen) => {
      expect(resolve(PROXY, `${claimed}, ${seen}`)).toBe(parseIpAddress(seen)?.text);
    }),
  );
});

test.each(['10.0.0.0/33', 'localhost', '10.0.0', '10.0.0.1/8/8', ''])(
  'a trusted proxy %j that is neither address nor range is an error, not nobody and not everybody',
  (entry) => {
    expect(() => createClientAddressResolver([entry])).toThrow(/neither an IP address nor a CIDR range/);
  },
);
