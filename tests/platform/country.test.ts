import { expect, test } from 'vitest';

import { createCountryFinder } from '../../src/platform/country.ts';
import { countryName } from '../../src/ui/accounts/country-name.ts';

const find = createCountryFinder();

test.each([
  // Of the German network information centre, of Japan's, and of Brazil's.
  ['81.91.170.12', 'DE', 'Germany'],
  ['192.41.192.145', 'JP', 'Japan'],
  ['200.160.2.3', 'BR', 'Brazil'],
  ['2001:12ff::10', 'BR', 'Brazil'],
])('%s is registered in %s, which is %s', (address, code, name) => {
  expect(find(address)).toBe(code);
  expect(countryName(code)).toBe(name);
});

test('an address is the same in every spelling', () => {
  expect(find('::ffff:81.91.170.12')).toBe('DE');
  expect(find('2001:12FF:0::10')).toBe('BR');
});

test.each([
  '127.0.0.1',
  '10.1.2.3',
  '192.168.0.9',
  '::1',
  'fe80::1',
  'fd00::1',
  '',
  'localhost',
  '1.2.3.4.5',
  '0x7f.1',
])('%j is in no country', (address) => {
  expect(find(address)).toBeNull();
});

test('what is no code stays as it is', () => {
  expect(countryName('ZZ')).not.toBe('');
});
