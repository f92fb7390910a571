import { describe, expect, it } from 'vitest';

import { parseChangeOverlapForm } from '../../src/key-rotation/change-overlap.form.ts';
import { parseRevokeKeysForm } from '../../src/key-revocation/revoke-keys.form.ts';
import { parseRotateKeyForm } from '../../src/key-rotation/rotate-key.form.ts';
import { parseScheduleRotationForm } from '../../src/key-rotation/schedule-rotation.form.ts';
import { parseSuspendKeyForm } from '../../src/key-revocation/suspend-key.form.ts';
import { formOf } from '../applications/cast.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 10, 30);
const HOUR_MS = 60 * 60 * 1000;
const requestId = 'req_0123456789abcdefghij';
const rotate = (overlap: string) => parseRotateKeyForm(formOf({ overlap, requestId }), NOW_MS);

describe('the form that rotates a key', () => {
  it.each([
    ['now', 0],
    ['1h', HOUR_MS],
    ['24h', 24 * HOUR_MS],
    ['7d', 7 * 24 * HOUR_MS],
    ['2026-11-24', Date.UTC(2026, 10, 25) - NOW_MS],
    [' 2026-12-31 ', Date.UTC(2027, 0, 1) - NOW_MS],
  ])('reads the overlap %s; the old key works through the last day of a date, UTC', (overlap, overlapMs) => {
    expect(rotate(overlap)).toEqual({ ok: true, value: { overlapMs, requestId } });
    expect(parseChangeOverlapForm(formOf({ overlap }), NOW_MS)).toEqual({ ok: true, value: { overlapMs } });
  });

  it.each([
    ['', 'Choose how long both keys work, or enter a date such as 2027-01-31.'],
    ['2h', 'Choose how long both keys work, or enter a date such as 2027-01-31.'],
    ['constructor', 'Choose how long both keys work, or enter a date such as 2027-01-31.'],
    ['-1', 'Choose how long both keys work, or enter a date such as 2027-01-31.'],
    ['2026-11-31', '2026-11-31 is not a day of the calendar. Enter a date such as 2027-01-31.'],
    ['2026-11-23', '2026-11-23 has passed. Enter today or a later date.'],
  ])('refuses the overlap "%s" and says why', (overlap, message) => {
    expect(rotate(overlap)).toMatchObject({ ok: false, errors: { overlap: message } });
  });

  it('reads the date of a field of its own, and says there what is wrong with it', () => {
    const until = (day: string) => parseRotateKeyForm(formOf({ overlap: 'until', until: day, requestId }), NOW_MS);
    const overlapMs = Date.UTC(2026, 10, 25) - NOW_MS;
    expect(until('2026-11-24')).toEqual({ ok: true, value: { overlapMs, requestId } });
    expect(until('2026-11-23')).toMatchObject({
      ok: false,
      errors: { until: expect.stringContaining('has passed') as string },
    });
    expect(until('now').ok).toBe(false);
    expect(until('')).toMatchObject({
      ok: false,
      errors: { until: expect.stringContaining('enter a date') as string },
    });
    expect(parseRotateKeyForm(formOf({ overlap: '1h', until: 'x', requestId }), NOW_MS).ok).toBe(true);
  });

  it('refuses a missing request id and every field it does not know', () => {
    expect(parseRotateKeyForm(formOf({ overlap: 'now' }), NOW_MS).ok).toBe(false);
    expect(parseRotateKeyForm(formOf({ overlap: 'now', requestId, allowlist: '' }), NOW_MS).ok).toBe(false);
  });
});

describe('the form that schedules rotations', () => {
  it.each([
    ['none', null],
    ['1', 1],
    [' 90 ', 90],
    ['730', 730],
  ])('reads %s', (interval, rotationIntervalDays) => {
    expect(parseScheduleRotationForm(formOf({ interval }))).toEqual({ ok: true, value: { rotationIntervalDays } });
  });

  it.each(['', '0', '731', '1e2', '-5', '1.5', 'never'])('refuses "%s"', (interval) => {
    expect(parseScheduleRotationForm(formOf({ interval }))).toMatchObject({
      errors: { interval: 'Choose none, or a number of days from 1 to 730.' },
    });
  });
});

describe('the form that revokes all keys', () => {
  it('asks for a reason and for the name', () => {
    const parse = (reason: string, confirmation: string) =>
      parseRevokeKeysForm(formOf({ reason, confirmation }), 'Depot');
    expect(parse(' stolen ', ' Depot ')).toEqual({ ok: true, value: { reason: 'stolen' } });
    expect(parse('', 'depot')).toMatchObject({
      errors: { reason: 'Enter a reason.', confirmation: 'Type the name, Depot, to confirm.' },
    });
  });
});

describe('the form that suspends a key', () => {
  it('asks for a message and takes several lines', () => {
    expect(parseSuspendKeyForm(formOf({ message: 'a\r\nb' }))).toEqual({ ok: true, value: { message: 'a\nb' } });
    expect(parseSuspendKeyForm(formOf({ message: ' ' }))).toMatchObject({
      errors: { message: 'Tell the team of the key why, and what to do.' },
    });
  });
});
