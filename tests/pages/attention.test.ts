import { describe, expect, test } from 'vitest';

import type { ApiKey } from '../../src/keys/api-key.ts';
import { UNRESTRICTED } from '../../src/key-restrictions/key-restrictions.ts';
import { keysNeedingAttention, keysToRotate } from '../../src/ui/keys/attention.ts';
import { keyWord, maskedToken } from '../../src/ui/keys/key-text.ts';
import { isSafeToEnd, successionOf } from '../../src/ui/keys/succession.ts';

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
  ...UNRESTRICTED,
  allowlist: [{ cidr: '203.0.113.0/24', note: '' }],
  createdAtMs: 0,
  expiresAtMs: null,
  suspendedAtMs: null,
  revokedAtMs: null,
  revokeReason: null,
  suspendReason: null,
  replaced: null,
  rotationIntervalDays: null,
  unconfirmedSinceMs: null,
  suspendCause: null,
  resumedAtMs: null,
  exposedAtMs: null,
};
const replaced = { byKeyId: 'key_2', atMs: NOW - DAY, formerExpiresAtMs: null };
const leak = (keyId: string) => ({
  keyId,
  firstCalledAtMs: NOW,
  lastAllowedAtMs: null,
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
    ['a key in its overlap', { allowlist: [], expiresAtMs: NOW + DAY, replaced }, ['replaced']],
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

describe('keysToRotate', () => {
  const due = (planIntervalDays: number | null, ...keys: Partial<ApiKey>[]) =>
    keysToRotate([{ application, keys: keys.map((key) => ({ ...restricted, ...key })), planIntervalDays }], NOW);

  test('names working keys that are overdue or due within 14 days, by their own or the plan’s interval', () => {
    const keys = [
      { id: 'soon', createdAtMs: NOW - 76 * DAY },
      { id: 'later', createdAtMs: NOW - 75 * DAY },
      { id: 'overdue', createdAtMs: NOW - 91 * DAY },
      { id: 'stricter', createdAtMs: NOW - 31 * DAY, rotationIntervalDays: 30 },
      { id: 'replaced', createdAtMs: NOW - 91 * DAY, expiresAtMs: NOW + DAY, replaced },
      { id: 'revoked', createdAtMs: NOW - 91 * DAY, revokedAtMs: NOW },
    ];
    expect(due(90, ...keys).map(({ key }) => key.id)).toEqual(['overdue', 'stricter', 'soon']);
  });

  test('names none when neither the plan nor the key asks', () => {
    expect(due(null, { createdAtMs: 0 })).toEqual([]);
  });
});

describe('a rotation in its overlap', () => {
  const old = { ...restricted, id: 'old', expiresAtMs: NOW + DAY, replaced: { ...replaced, byKeyId: 'new' } };
  const successor = { ...restricted, id: 'new' };
  const call = (lastCalledAtMs: number, lastVerdict = 'allowed') => ({
    ...leak(''),
    lastCalledAtMs,
    lastVerdict,
    lastAllowedAtMs: lastVerdict === 'allowed' ? lastCalledAtMs : null,
  });
  const HOUR = DAY / 24;

  test('is found from either key, and is over when the old key has ended', () => {
    const keys = [successor, old, { ...restricted, id: 'other' }];
    for (const key of [old, successor]) expect(successionOf(key, keys, NOW)).toEqual({ old, successor });
    expect(successionOf(restricted, keys, NOW)).toBeNull();
    expect(successionOf(successor, [successor, { ...old, expiresAtMs: NOW }], NOW)).toBeNull();
    expect(successionOf(successor, [successor, { ...old, revokedAtMs: NOW }], NOW)).toBeNull();
  });

  test.each([
    ['was never called', null, null, true],
    ['is silent for an hour, and the new one was called since', call(NOW - HOUR), call(NOW - 1), true],
    ['was called a moment less than an hour ago', call(NOW - HOUR + 1), call(NOW - 1), false],
    ['is silent, and so is the new one', call(NOW - HOUR), null, false],
    ['was called after the new one', call(NOW - HOUR), call(NOW - 2 * HOUR), false],
    ['is silent, and the new one is refused', call(NOW - HOUR), call(NOW - 1, 'address_not_allowed'), false],
  ])('whose old key %s: %j, %j, safe to end: %j', (_, last, lastOfSuccessor, isSafe) => {
    expect(isSafeToEnd(last, lastOfSuccessor, NOW)).toBe(isSafe);
  });
});

test('a working key that was replaced or ends within 14 days is called ending, and nothing else is', () => {
  expect(keyWord(restricted, NOW)).toBe('active');
  expect(keyWord({ ...restricted, expiresAtMs: NOW + DAY }, NOW)).toBe('ending');
  expect(keyWord({ ...restricted, expiresAtMs: NOW + 30 * DAY, replaced }, NOW)).toBe('ending');
  expect(keyWord({ ...restricted, expiresAtMs: NOW }, NOW)).toBe('expired');
  expect(keyWord({ ...restricted, expiresAtMs: NOW + DAY, suspendedAtMs: 1 }, NOW)).toBe('suspended');
  expect(keyWord({ ...restricted, expiresAtMs: NOW + DAY, revokedAtMs: 1 }, NOW)).toBe('revoked');
});

test('a key is shown by the ends of its secret only', () => {
  expect(maskedToken('gth', restricted)).toBe('gth_live_AbCd...wxyz');
});
