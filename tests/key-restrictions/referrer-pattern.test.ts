import { describe, expect, it } from 'vitest';

import { matchesReferrer, parseReferrerPattern, readCallOrigin } from '../../src/key-restrictions/referrer-pattern.ts';

const matches = (pattern: string, origin: string | undefined, referrer?: string): boolean => {
  const parsed = parseReferrerPattern(pattern);
  const from = readCallOrigin(origin, referrer);
  return parsed !== null && from !== null && matchesReferrer(parsed, from);
};

describe('the pattern of a site', () => {
  it.each([
    ['https://app.example.com', 'https://app.example.com'],
    ['HTTPS://App.Example.COM/', 'https://app.example.com'],
    ['https://app.example.com:443', 'https://app.example.com'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['https://*.example.com', 'https://*.example.com'],
    ['https://*.example.com:8443', 'https://*.example.com:8443'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['http://[2001:DB8::1]:8080', 'http://[2001:db8::1]:8080'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
  ])('%s is kept as %s', (text, canonical) => {
    expect(parseReferrerPattern(text)?.text).toBe(canonical);
  });

  it.each([
    '',
    '*',
    'https://*',
    'https://*.com',
    'https://*.example.*',
    'https://*example.com',
    'https://a.*.example.com',
    'https://**.example.com',
    'https://*.127.0.0.1',
    'https://app.example.com/path',
    'https://app.example.com?x',
    'https://app.example.com#x',
    'https://user@app.example.com',
    'https://app.example.com:99999',
    'https://app.example.com.',
    'https://app example.com',
    'app.example.com',
    'ftp://app.example.com',
    'null',
    'javascript://app.example.com',
    `https://${'a'.repeat(300)}.com`,
  ])('is not %j', (text) => {
    expect(parseReferrerPattern(text)).toBeNull();
  });
});

describe('a call from a page', () => {
  it.each<[pattern: string, origin: string | undefined, referrer: string | undefined, expected: boolean]>([
    ['https://app.example.com', 'https://app.example.com', undefined, true],
    ['https://app.example.com', undefined, 'https://app.example.com/cart?id=1', true],
    ['https://app.example.com', undefined, 'https://app.example.com:443/', true],
    ['https://app.example.com', 'http://app.example.com', undefined, false],
    ['https://app.example.com', 'https://app.example.com:8443', undefined, false],
    ['https://app.example.com', 'https://app.example.com.test', undefined, false],
    ['https://app.example.com', undefined, 'https://app.example.com@evil.test/', false],
    ['https://app.example.com', undefined, 'https://evil.test/https://app.example.com', false],
    ['https://app.example.com', undefined, undefined, false],
    ['https://app.example.com', 'null', 'https://app.example.com/', false],
    ['https://app.example.com', '', 'https://app.example.com/', false],
    ['https://app.example.com', 'https://evil.test', 'https://app.example.com/', false],
    // Not the spelling of a browser.
    ['https://app.example.com', 'https://APP.example.com', undefined, false],
    ['https://app.example.com', 'https://app.example.com/', undefined, false],
    ['https://*.example.com', 'https://app.example.com', undefined, true],
    ['https://*.example.com', 'https://a.b.example.com', undefined, true],
    ['https://*.example.com', 'https://example.com', undefined, false],
    ['https://*.example.com', 'https://badexample.com', undefined, false],
    ['https://*.example.com', 'https://app.example.com:8443', undefined, false],
    ['https://bücher.example', 'https://xn--bcher-kva.example', undefined, true],
    ['http://localhost:3000', 'http://localhost:3000', undefined, true],
  ])('%s, Origin %s, Referer %s: %s', (pattern, origin, referrer, expected) => {
    expect(matches(pattern, origin, referrer)).toBe(expected);
  });

  it('that claims endless things is from nowhere', () => {
    expect(readCallOrigin(`https://${'a.'.repeat(5000)}com`, undefined)).toBeNull();
    expect(readCallOrigin(undefined, `https://a.example/${'x'.repeat(9000)}`)).toBeNull();
  });
});
