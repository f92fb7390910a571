import { describe, expect, it } from 'vitest';

import {
  type ApiKey,
  DAY_MS,
  type KeyState,
  isInOverlap,
  keyStateAt,
  overlapEndsAtMs,
  rotationDueAtMs,
  successorOf,
} from '../../src/keys/api-key.ts';
import { UNRESTRICTED } from '../../src/key-restrictions/key-restrictions.ts';

const NOW_MS = 1_000_000;

describe('the state of a key', () => {
  it.each<[KeyState, string, number | null, number | null, number | null]>([
    ['active', 'nothing has happened to it', null, null, null],
    ['active', 'its expiry is a millisecond away', NOW_MS + 1, null, null],
    ['expired', 'its expiry is this very millisecond', NOW_MS, null, null],
    ['expired', 'its expiry has passed', NOW_MS - 1, null, null],
    ['suspended', 'it was suspended', null, NOW_MS - 1, null],
    ['suspended', 'it was suspended and expires later', NOW_MS + 1, NOW_MS - 1, null],
    ['expired', 'it was suspended and has expired', NOW_MS - 1, NOW_MS - 5, null],
    ['revoked', 'it was revoked', null, null, NOW_MS - 1],
    ['revoked', 'it was revoked before its expiry passed', NOW_MS - 1, null, NOW_MS - 5],
    ['revoked', 'it was revoked while suspended', null, NOW_MS - 5, NOW_MS - 1],
    ['revoked', 'everything has happened to it', NOW_MS - 1, NOW_MS - 5, NOW_MS - 3],
    ['revoked', 'its revocation lies ahead because the clock went back', null, null, NOW_MS + 1],
  ])('is %s when %s', (state, _, expiresAtMs, suspendedAtMs, revokedAtMs) => {
    expect(keyStateAt({ expiresAtMs, suspendedAtMs, revokedAtMs }, NOW_MS)).toBe(state);
  });
});

const KEY: ApiKey = {
  id: 'key_1',
  applicationId: 'app_1',
  name: 'CI',
  environment: 'live',
  firstFour: 'AbCd',
  lastFour: 'wxyz',
  ...UNRESTRICTED,
  allowlist: [{ cidr: '203.0.113.0/24', note: 'office' }],
  createdAtMs: NOW_MS - 100,
  expiresAtMs: null,
  suspendedAtMs: null,
  revokedAtMs: null,
  revokeReason: null,
  suspendReason: null,
  replaced: null,
  rotationIntervalDays: 90,
  unconfirmedSinceMs: null,
  suspendCause: null,
  resumedAtMs: null,
  exposedAtMs: null,
};
const replaced = (formerExpiresAtMs: number | null) => ({ byKeyId: 'key_2', atMs: NOW_MS - 10, formerExpiresAtMs });

describe('the end of an overlap', () => {
  it.each<[string, number, Partial<ApiKey>]>([
    ['as long as chosen when the key never expires', NOW_MS + 50, {}],
    ['as long as chosen when the key expires later', NOW_MS + 50, { expiresAtMs: NOW_MS + 51 }],
    ['at the expiry when that comes first', NOW_MS + 49, { expiresAtMs: NOW_MS + 49 }],
    ['as long as chosen when it is moved', NOW_MS + 50, { expiresAtMs: NOW_MS + 10, replaced: replaced(null) }],
    [
      'at the former expiry when it is moved',
      NOW_MS + 20,
      { expiresAtMs: NOW_MS + 10, replaced: replaced(NOW_MS + 20) },
    ],
  ])('is %s', (_, endsAtMs, changes) => {
    expect(overlapEndsAtMs({ ...KEY, ...changes }, 50, NOW_MS)).toBe(endsAtMs);
  });

  it('is now when no overlap was chosen', () => {
    expect(overlapEndsAtMs(KEY, 0, NOW_MS)).toBe(NOW_MS);
  });

  it('is that of a replaced key which works; a suspended or ended one is in no overlap', () => {
    const old = { ...KEY, expiresAtMs: NOW_MS + 10, replaced: replaced(null) };
    expect(isInOverlap(old, NOW_MS)).toBe(true);
    expect(isInOverlap(old, NOW_MS + 10)).toBe(false);
    expect(isInOverlap({ ...old, suspendedAtMs: 1 }, NOW_MS)).toBe(false);
    expect(isInOverlap({ ...old, revokedAtMs: 1 }, NOW_MS)).toBe(false);
    expect(isInOverlap({ ...old, replaced: null }, NOW_MS)).toBe(false);
  });
});

describe('the successor of a key', () => {
  const issued = { id: 'key_2', firstFour: 'EfGh', lastFour: 'stuv' };

  it('keeps all but the secret, and begins now', () => {
    expect(successorOf(KEY, issued, NOW_MS)).toEqual({
      ...KEY,
      ...issued,
      createdAtMs: NOW_MS,
      unconfirmedSinceMs: NOW_MS,
    });
  });

  it('lives as long as the key was meant to, counted from now', () => {
    const current = { ...KEY, expiresAtMs: KEY.createdAtMs + 1000 };
    expect(successorOf(current, issued, NOW_MS).expiresAtMs).toBe(NOW_MS + 1000);
  });
});

describe('the due time of a rotation', () => {
  it.each<[number | null, number | null, number | null]>([
    [null, null, null],
    [90, null, 90],
    [null, 60, 60],
    [90, 60, 60],
    [30, 60, 30],
  ])('with an interval of %s days and one of %s days from the plans comes after %s days', (own, plans, days) => {
    const due = rotationDueAtMs({ ...KEY, rotationIntervalDays: own }, plans);
    expect(due).toBe(days === null ? null : KEY.createdAtMs + days * DAY_MS);
  });

  it('is none for a key that was replaced', () => {
    expect(rotationDueAtMs({ ...KEY, replaced: replaced(null) }, 30)).toBeNull();
  });
});
