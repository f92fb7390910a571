import { describe, expect, test } from 'vitest';

import { accountSubject, addressSubject, secondFactorSubject, waitMs } from '../../src/sign-in/sign-in-throttle.ts';

const secret = new TextEncoder().encode('secret');
const failedAtMs = 1_000_000;
const password = accountSubject(secret, 'ada@example.com');

test.each([
  [0, 0],
  [4, 0],
  [5, 1000],
  [6, 2000],
  [10, 32_000],
  [14, 512_000],
  [15, 900_000],
  [5000, 900_000],
])('after %i failures the wait is %i ms', (failures, expected) => {
  expect(waitMs({ failures, lastFailedAtMs: failedAtMs }, password, failedAtMs)).toBe(expected);
});

test('the wait runs from the last failure, and a day without one starts anew', () => {
  const count = { failures: 6, lastFailedAtMs: failedAtMs };
  expect(waitMs(count, password, failedAtMs + 1999)).toBe(1);
  expect(waitMs(count, password, failedAtMs + 2000)).toBe(0);
  expect(waitMs({ failures: 5000, lastFailedAtMs: failedAtMs }, password, failedAtMs + 86_400_000)).toBe(0);
});

describe('whose failures are counted together', () => {
  test('all spellings of one e-mail address, which is not readable in the subject', () => {
    expect(accountSubject(secret, 'Ada@Example.com')).toEqual(accountSubject(secret, ' ada@example.COM'));
    expect(accountSubject(secret, 'ada@example.com').subject).toMatch(/^account:[0-9a-f]{64}$/);
  });

  test('one IPv4 address in both spellings, one /64 of IPv6', () => {
    expect(addressSubject('203.0.113.7').subject).toBe('address:203.0.113.7/32');
    expect(addressSubject('2001:db8:1:2:3:4:5:6').subject).toBe('address:2001:db8:1:2::/64');
    expect(addressSubject('2001:db8:1:2:ffff::1')).toEqual(addressSubject('2001:DB8:1:2::9'));
  });
});

test('A10: a guesser of codes of the second factor has less than one chance in a thousand a day', () => {
  const subject = secondFactorSubject('acc_1');
  let [guesses, nowMs, failures] = [0, 0, 0];
  while (nowMs < 86_400_000) {
    nowMs += waitMs({ failures, lastFailedAtMs: nowMs }, subject, nowMs);
    failures += 1;
    guesses += 1;
  }
  expect(failures).toBeGreaterThan(5);
  // Three of a million codes are right at any time.
  expect(1 - (1 - 3e-6) ** guesses).toBeLessThan(1e-3);
});
