import { describe, expect, test } from 'vitest';

import type { QuotaUsage } from '../../src/usage/usage.ts';
import { quotaBanner } from '../../src/ui/usage/quota-banner.ts';

const titles = new Map([['parcels', 'Parcels']]);

function usage(used: number, columns: Partial<QuotaUsage> = {}): QuotaUsage {
  return {
    subscriptionId: 'sub_1',
    apiSlug: 'parcels',
    planSlug: 'free',
    operationId: '',
    keyId: '',
    name: 'quota',
    per: 'day',
    timeZone: 'UTC',
    hard: false,
    counts: 'cost',
    used,
    limit: 100,
    most: 100,
    resetAtMs: 7,
    ...columns,
  };
}

describe('the banner about quotas', () => {
  test('is not there while there is room', () => {
    expect(quotaBanner([], titles)).toBeNull();
    expect(quotaBanner([usage(0), usage(79)], titles)).toBeNull();
  });

  test('is about the one that is closest to its end', () => {
    const banner = quotaBanner([usage(80), usage(95, { operationId: 'createParcel' })], titles);
    expect(banner).toEqual({
      isRefused: false,
      title: '95 % of the quota of Parcels, createParcel is used',
      text: '95 of 100 calls are used.',
      resetAtMs: 7,
    });
  });

  test('says when calls are refused, and with an overrun from when on', () => {
    expect(quotaBanner([usage(100)], titles)).toMatchObject({ isRefused: true });
    const overrun = quotaBanner([usage(105, { most: 110 })], titles);
    expect(overrun).toMatchObject({
      isRefused: false,
      text: '105 of 100 calls are used. From 110 calls on they are refused.',
    });
    expect(quotaBanner([usage(110, { most: 110 })], titles)).toMatchObject({ isRefused: true });
  });
});
