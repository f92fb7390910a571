import { describe, expect, test } from 'vitest';

import { plainLimits } from '../../src/plans/plan-limits.ts';
import {
  countText,
  dateText,
  daysUntil,
  exactTime,
  limitsText,
  numberText,
  quotaText,
  rateLimitText,
  rateText,
  relativeTime,
} from '../../src/ui/wording.ts';

const NOW = Date.UTC(2026, 10, 24, 6, 52);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('relativeTime', () => {
  test.each([
    [0, 'just now'],
    [-44 * SECOND, 'just now'],
    [30 * SECOND, 'in a moment'],
    [-50 * SECOND, '1 minute ago'],
    [-3 * MINUTE, '3 minutes ago'],
    [59 * MINUTE, 'in 59 minutes'],
    [5 * HOUR, 'in 5 hours'],
    [-26 * HOUR, '26 hours ago'],
    [6 * DAY + 5 * HOUR, 'in 6 days'],
    [-59 * DAY, '59 days ago'],
    [100 * DAY, 'in 3 months'],
    [800 * DAY, 'in 2 years'],
  ])('at a distance of %i ms it says "%s"', (difference, text) => {
    expect(relativeTime(NOW + difference, NOW)).toBe(text);
  });

  test('never promises more time than there is', () => {
    for (let hours = 1; hours < 24 * 59; hours += 1) {
      const [, amount = '0', unit = ''] =
        /^in (\d+) (minute|hour|day)/.exec(relativeTime(NOW + hours * HOUR, NOW)) ?? [];
      const promised = Number(amount) * { minute: MINUTE, hour: HOUR, day: DAY, '': 0 }[unit as 'hour'];
      expect(promised).toBeLessThanOrEqual(hours * HOUR);
    }
  });
});

test('exact times name their zone, and dates are days of it', () => {
  expect(exactTime(NOW)).toBe('24 Nov 2026, 06:52 UTC');
  expect(dateText(Date.UTC(2026, 10, 24, 23, 59))).toBe('24 Nov 2026');
});

test('numbers have thousands separators and nouns agree with them', () => {
  expect(numberText(1234567)).toBe('1,234,567');
  expect([0, 1, 1204].map((count) => countText(count, 'key'))).toEqual(['0 keys', '1 key', '1,204 keys']);
});

test('days until a date are whole days, none on the last day and after it', () => {
  expect([DAY * 2 - 1, DAY, 1, -DAY].map((ms) => daysUntil(NOW + ms, NOW))).toEqual([1, 1, 0, 0]);
});

test.each([
  [1, 1, '1 call a second'],
  [1200, 60, '1,200 calls a minute'],
  [5, 3600, '5 calls an hour'],
  [5, 10, '5 calls in 10 seconds'],
])('%i calls in %i seconds read as "%s"', (limit, windowSeconds, text) => {
  expect(rateText(limit, windowSeconds)).toBe(text);
});

test('limits of plans read as people say them', () => {
  const { rateLimits, quotas } = plainLimits(60, 60, 1000, 'day');
  expect(limitsText({ rateLimits, quotas })).toBe('1,000 calls a day, 60 calls a minute');
  expect(limitsText({ rateLimits: [], quotas: [] })).toBe('No limits');
  const [rate] = rateLimits;
  expect(rate && rateLimitText({ ...rate, burst: 20 })).toBe('60 calls a minute, 20 at once');
  expect(quotaText({ calls: 1, per: 'month', timeZone: 'Europe/Berlin' })).toBe('1 call a month (Europe/Berlin)');
});
