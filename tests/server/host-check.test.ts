import { expect, test } from 'vitest';

import { createHostCheck } from '../../src/server/host-check.ts';

const check = createHostCheck('https://portal.test');

test.each([
  ['portal.test', 'ours'],
  ['PORTAL.test', 'ours'],
  ['portal.test:443', 'ours'],
  ['127.0.0.1:4321', 'ours'],
  ['localhost:4321', 'ours'],
  ['[::1]:4321', 'ours'],
  ['portal.test:4321', 'foreign'],
  ['portal.test.', 'foreign'],
  ['portal.test.evil.test', 'foreign'],
  ['evil.test', 'foreign'],
  ['localhost', 'foreign'],
  ['127.0.0.1:9999', 'foreign'],
  ['[::2]:4321', 'foreign'],
  ['169.254.169.254', 'foreign'],
  [undefined, 'malformed'],
  ['', 'malformed'],
  ['x@y', 'malformed'],
  ['portal.test@evil.test', 'malformed'],
  ['portal.test/evil', 'malformed'],
  ['portal.test:abc', 'malformed'],
  ['portal.test:99999', 'malformed'],
  ['portal.test:', 'malformed'],
  ['portal.test, evil.test', 'malformed'],
  ['[::1', 'malformed'],
  ['[zz]', 'malformed'],
  ['[:::1]:4321', 'malformed'],
  ['portal .test', 'malformed'],
])('the host %j is %s', (host, verdict) => {
  expect(check(host, 4321)).toBe(verdict);
});

test('a public address with a port of its own is reached under that port only', () => {
  const withPort = createHostCheck('http://portal.test:8443');
  expect(withPort('portal.test:8443', 4321)).toBe('ours');
  expect(withPort('portal.test', 4321)).toBe('foreign');
});

test('on port 80 the loopback names need no port', () => {
  expect(check('localhost', 80)).toBe('ours');
});
