import { describe, expect, it } from 'vitest';

import { type KeyState, keyStateAt } from '../../src/keys/api-key.ts';

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
