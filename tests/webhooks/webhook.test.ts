import { describe, expect, it } from 'vitest';

import { retryAtMs } from '../../src/webhooks/webhook.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe('retryAtMs', () => {
  it('waits as Standard Webhooks recommends, a little longer by chance, and ends after three days', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((tries) => retryAtMs(tries, 0, 0, 0));
    const expected = [5000, 5 * MINUTE_MS, 30 * MINUTE_MS, ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR_MS)];
    expect(waits).toEqual([...expected, null]);
    expect(retryAtMs(2, 0, 1, 0)).toBe(5.5 * MINUTE_MS);
  });

  it('waits longer when the receiver asks for it, a day at most', () => {
    expect(retryAtMs(1, 0, 0, HOUR_MS)).toBe(HOUR_MS);
    expect(retryAtMs(3, 0, 0, 1000)).toBe(30 * MINUTE_MS);
    expect(retryAtMs(1, 0, 0, 1e12)).toBe(24 * HOUR_MS);
  });
});
