import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type QuotaPeriod, quotaWindowAt } from '../../src/plans/plan.ts';

const window = (period: QuotaPeriod, at: string): string[] => {
  const { startMs, endMs } = quotaWindowAt(period, Date.parse(at));
  return [startMs, endMs].map((ms) => new Date(ms).toISOString());
};

describe('the window of a quota', () => {
  it.each<[QuotaPeriod, string, string, string]>([
    ['day', '2026-11-24T10:15:00.000Z', '2026-11-24', '2026-11-25'],
    ['day', '2026-11-24T00:00:00.000Z', '2026-11-24', '2026-11-25'],
    ['day', '2026-11-24T23:59:59.999Z', '2026-11-24', '2026-11-25'],
    ['day', '2026-12-31T12:00:00.000Z', '2026-12-31', '2027-01-01'],
    ['day', '2028-02-28T12:00:00.000Z', '2028-02-28', '2028-02-29'],
    ['day', '2028-02-29T12:00:00.000Z', '2028-02-29', '2028-03-01'],
    ['day', '2026-02-28T12:00:00.000Z', '2026-02-28', '2026-03-01'],
    ['day', '2026-03-29T01:30:00.000Z', '2026-03-29', '2026-03-30'],
    ['month', '2026-11-24T10:15:00.000Z', '2026-11-01', '2026-12-01'],
    ['month', '2026-11-01T00:00:00.000Z', '2026-11-01', '2026-12-01'],
    ['month', '2026-01-31T23:59:59.999Z', '2026-01-01', '2026-02-01'],
    ['month', '2026-12-31T23:59:59.999Z', '2026-12-01', '2027-01-01'],
    ['month', '2028-02-29T12:00:00.000Z', '2028-02-01', '2028-03-01'],
    ['month', '2100-02-28T12:00:00.000Z', '2100-02-01', '2100-03-01'],
    ['month', '2038-01-19T03:14:08.000Z', '2038-01-01', '2038-02-01'],
  ])('of a %s at %s runs from %s to %s, midnight UTC', (period, at, start, end) => {
    expect(window(period, at)).toEqual([`${start}T00:00:00.000Z`, `${end}T00:00:00.000Z`]);
  });

  it('holds its moment, and the next window begins where it ends', () => {
    const moments = fc.integer({ min: 0, max: Date.UTC(2200, 0) });
    fc.assert(
      fc.property(fc.constantFrom<QuotaPeriod>('day', 'month'), moments, (period, nowMs) => {
        const { startMs, endMs } = quotaWindowAt(period, nowMs);
        expect(startMs <= nowMs && nowMs < endMs).toBe(true);
        expect(quotaWindowAt(period, endMs).startMs).toBe(endMs);
        expect(quotaWindowAt(period, endMs - 1).startMs).toBe(startMs);
      }),
    );
  });
});
