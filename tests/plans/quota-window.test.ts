import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type QuotaPeriod, isTimeZone, quotaWindowAt } from '../../src/plans/quota-window.ts';

const HOUR_MS = 3_600_000;

function window(period: QuotaPeriod, at: string, timeZone: string): [start: string, end: string, hours: number] {
  const { startMs, endMs } = quotaWindowAt(period, Date.parse(at), timeZone);
  return [new Date(startMs).toISOString(), new Date(endMs).toISOString(), (endMs - startMs) / HOUR_MS];
}

/** What clocks of a zone show, told by the system and by nothing of ours. */
function shown(atMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(atMs);
}

describe('the window of a quota in a time zone', () => {
  it.each<[QuotaPeriod, string, string, string, string, number]>([
    // Clocks go forward at 01:00 UTC, and back at 01:00 UTC.
    ['day', '2026-03-29T00:30:00Z', 'Europe/Berlin', '2026-03-28T23:00', '2026-03-29T22:00', 23],
    ['day', '2026-10-25T12:00:00Z', 'Europe/Berlin', '2026-10-24T22:00', '2026-10-25T23:00', 25],
    ['day', '2026-03-28T22:59:59Z', 'Europe/Berlin', '2026-03-27T23:00', '2026-03-28T23:00', 24],
    ['day', '2026-03-28T23:00:00Z', 'Europe/Berlin', '2026-03-28T23:00', '2026-03-29T22:00', 23],
    ['month', '2026-03-15T12:00:00Z', 'Europe/Berlin', '2026-02-28T23:00', '2026-03-31T22:00', 31 * 24 - 1],
    ['month', '2026-10-31T22:59:59Z', 'Europe/Berlin', '2026-09-30T22:00', '2026-10-31T23:00', 31 * 24 + 1],
    ['month', '2026-10-31T23:00:00Z', 'Europe/Berlin', '2026-10-31T23:00', '2026-11-30T23:00', 30 * 24],
    // Leap days, and the days around them.
    ['day', '2028-02-29T12:00:00Z', 'Europe/Berlin', '2028-02-28T23:00', '2028-02-29T23:00', 24],
    ['month', '2028-02-29T22:59:59Z', 'Europe/Berlin', '2028-01-31T23:00', '2028-02-29T23:00', 29 * 24],
    ['month', '2028-02-29T23:00:00Z', 'Europe/Berlin', '2028-02-29T23:00', '2028-03-31T22:00', 31 * 24 - 1],
    // The year ends at another moment in each zone.
    ['month', '2026-12-31T14:59:59Z', 'Asia/Tokyo', '2026-11-30T15:00', '2026-12-31T15:00', 31 * 24],
    ['month', '2027-01-01T04:59:59Z', 'America/New_York', '2026-12-01T05:00', '2027-01-01T05:00', 31 * 24],
    // No whole hours; and a change of half an hour.
    ['day', '2026-06-01T00:00:00Z', 'Asia/Kathmandu', '2026-05-31T18:15', '2026-06-01T18:15', 24],
    ['day', '2026-04-04T20:00:00Z', 'Australia/Lord_Howe', '2026-04-04T13:00', '2026-04-05T13:30', 24.5],
    // Clocks go forward at midnight: there is none, the day begins at one o'clock.
    ['day', '2026-04-24T12:00:00Z', 'Africa/Cairo', '2026-04-23T22:00', '2026-04-24T21:00', 23],
    // Clocks go back at midnight, and show an hour of yesterday once more: it belongs to the day that has begun.
    ['day', '2010-11-07T02:15:00Z', 'America/St_Johns', '2010-11-06T02:30', '2010-11-07T02:30', 24],
    ['day', '2010-11-07T02:45:00Z', 'America/St_Johns', '2010-11-07T02:30', '2010-11-08T03:30', 25],
    // A day that never was.
    ['day', '2011-12-30T09:59:59Z', 'Pacific/Apia', '2011-12-29T10:00', '2011-12-30T10:00', 24],
    ['day', '2011-12-30T10:00:00Z', 'Pacific/Apia', '2011-12-30T10:00', '2011-12-31T10:00', 24],
  ])('of a %s at %s in %s is from %s to %s: %d hours', (period, at, timeZone, start, end, hours) => {
    expect(window(period, at, timeZone)).toEqual([`${start}:00.000Z`, `${end}:00.000Z`, hours]);
  });

  it('holds its moment, begins at midnight of the zone or when its clocks jump over it, and the next one follows', () => {
    const zones = fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'America/St_Johns',
      'Africa/Cairo',
      'Asia/Kathmandu',
      'Asia/Beirut',
      'Australia/Lord_Howe',
      'Pacific/Apia',
      'America/Havana',
    );
    const moments = fc.integer({ min: Date.UTC(2012, 0), max: Date.UTC(2060, 0) });
    fc.assert(
      fc.property(fc.constantFrom<QuotaPeriod>('day', 'month'), moments, zones, (period, nowMs, timeZone) => {
        const { startMs, endMs } = quotaWindowAt(period, nowMs, timeZone);
        expect(startMs <= nowMs && nowMs < endMs).toBe(true);
        expect(quotaWindowAt(period, endMs, timeZone).startMs).toBe(endMs);
        expect(quotaWindowAt(period, endMs - 1, timeZone).startMs).toBe(startMs);
        expect(shown(startMs, timeZone)).toMatch(/ (00:00|01:00):00$/);
        expect(shown(startMs - 1, timeZone).slice(0, 10) < shown(startMs, timeZone).slice(0, 10)).toBe(true);
        if (period === 'month') expect(shown(startMs, timeZone).slice(8, 10)).toBe('01');
      }),
      { numRuns: 400 },
    );
  });

  it.each(['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])('%s is a time zone', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  it.each(['Europe/Berlim', '+01:00', '', 'Europe/Berlin ', '../etc', 'Europe//Berlin'])('%j is none', (name) => {
    expect(isTimeZone(name)).toBe(false);
  });
});
