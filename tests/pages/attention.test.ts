import { describe, expect, test } from 'vitest';

import type { ApiKey } from '../../src/keys/api-key.ts';
import { keysNeedingAttention } from '../../src/ui/keys/attention.ts';
import { keyWord, maskedToken } from '../../src/ui/keys/key-text.ts';

const NOW = Date.UTC(2026, 10, 24);
const DAY = 24 * 60 * 60 * 1000;
const application = { id: 'app_1', teamId: 'team_1', name: 'Web shop', description: '', createdAtMs: 0 };
const restricted: ApiKey = {
  id: 'key_1',
  applicationId: 'app_1',
  name: 'Checkout',
  environment: 'live',
  firstFour: 'AbCd',
  lastFour: 'wxyz',
  allowlist: ['203.0.113.0/24'],
  createdAtMs: 0,
  expiresAtMs: null,
  suspendedAtMs: null,
  revokedAtMs: null,
  revokeReason: null,
  suspendReason: null,
  replaced: null,
  rotationIntervalDays: null,
};
const leak = (keyId: string) => ({
  keyId,
  lastCalledAtMs: NOW,
  lastAddress: '203.0.113.7',
  lastVerdict: 'key_in_query',
  leakedInQueryAtMs: NOW,
});
const concernsOf = (key: Partial<ApiKey>, activity = [] as ReturnType<typeof leak>[]) =>
  keysNeedingAttention([{ application, keys: [{ ...restricted, ...key }], activity }], NOW).map(
    ({ concern }) => concern,
  );

describe('keysNeedingAttention', () => {
  test.each<[string, Partial<ApiKey>, string[]]>([
    ['a restricted live key without an end', {}, []],
    ['a live key that works from every address', { allowlist: [] }, ['unrestricted']],
    ['an unrestricted test key', { allowlist: [], environment: 'test' }, []],
    ['a key that ends in exactly 14 days', { expiresAtMs: NOW + 14 * DAY }, ['ending']],
    ['a key that ends a moment later', { expiresAtMs: NOW + 14 * DAY + 1 }, []],
    ['an expired key', { allowlist: [], expiresAtMs: NOW }, []],
    ['a revoked key', { allowlist: [], revokedAtMs: NOW - 1 }, []],
  ])('names for %s: %j', (_, key, concerns) => {
    expect(concernsOf(key)).toEqual(concerns);
  });

  test('puts a key that was seen in a URL first, and only that key', () => {
    expect(concernsOf({ allowlist: [], expiresAtMs: NOW + DAY }, [leak('key_1')])).toEqual([
      'leaked',
      'ending',
      'unrestricted',
    ]);
    expect(concernsOf({}, [leak('key_2')])).toEqual([]);
  });
});

test('a working key that ends within 14 days is called ending, and nothing else is', () => {
  expect(keyWord(restricted, NOW)).toBe('active');
  expect(keyWord({ ...restricted, expiresAtMs: NOW + DAY }, NOW)).toBe('ending');
  expect(keyWord({ ...restricted, expiresAtMs: NOW }, NOW)).toBe('expired');
  expect(keyWord({ ...restricted, expiresAtMs: NOW + DAY, suspendedAtMs: 1 }, NOW)).toBe('suspended');
  expect(keyWord({ ...restricted, expiresAtMs: NOW + DAY, revokedAtMs: 1 }, NOW)).toBe('revoked');
});

test('a key is shown by the ends of its secret only', () => {
  expect(maskedToken('gth', restricted)).toBe('gth_live_AbCd...wxyz');
});
