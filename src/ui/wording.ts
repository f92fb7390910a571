import type { Limits, Quota, RateLimit } from '../plans/plan-limits.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
const numbers = new Intl.NumberFormat('en');
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
const minute = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

/** "in 6 days", "3 minutes ago", "just now"; rounded towards now, so that nothing ends later than told. */
export function relativeTime(atMs: number, nowMs: number): string {
  const difference = atMs - nowMs;
  const size = Math.abs(difference);
  if (size < 45 * SECOND) return difference > 0 ? 'in a moment' : 'just now';
  if (size < HOUR) return relative.format(towardsNow(difference / MINUTE), 'minute');
  if (size < 2 * DAY) return relative.format(towardsNow(difference / HOUR), 'hour');
  if (size < 60 * DAY) return relative.format(towardsNow(difference / DAY), 'day');
  if (size < 2 * 365 * DAY) return relative.format(towardsNow(difference / (30.44 * DAY)), 'month');
  return relative.format(towardsNow(difference / (365.25 * DAY)), 'year');
}

/** 24 Nov 2026 */
export function dateText(atMs: number): string {
  return day.format(atMs);
}

/** 24 Nov 2026, 06:52 UTC */
export function exactTime(atMs: number): string {
  return `${minute.format(atMs)} UTC`;
}

/** 1,204 */
export function numberText(value: number): string {
  return numbers.format(value);
}

/** "1 key", "1,204 keys" */
export function countText(count: number, singular: string, plural = `${singular}s`): string {
  return `${numberText(count)} ${count === 1 ? singular : plural}`;
}

/** Whole days until `atMs`; 0 on the last day and after it. */
export function daysUntil(atMs: number, nowMs: number): number {
  return Math.max(0, Math.floor((atMs - nowMs) / DAY));
}

/** "10 calls a minute", "5 calls in 10 seconds" */
export function rateText(limit: number, windowSeconds: number): string {
  const calls = countText(limit, 'call');
  const named: Readonly<Record<number, string>> = { 1: 'a second', 60: 'a minute', 3600: 'an hour' };
  return `${calls} ${named[windowSeconds] ?? `in ${numberText(windowSeconds)} seconds`}`;
}

/** "60 calls a minute, 20 at once" */
export function rateLimitText({ calls, perSeconds, burst }: RateLimit): string {
  return burst === calls ? rateText(calls, perSeconds) : `${rateText(calls, perSeconds)}, ${numberText(burst)} at once`;
}

/** "1,000 calls a day", "1,000 calls a month (Europe/Berlin)" */
export function quotaText({ calls, per, timeZone }: Pick<Quota, 'calls' | 'per' | 'timeZone'>): string {
  return `${countText(calls, 'call')} a ${per}${timeZone === 'UTC' ? '' : ` (${timeZone})`}`;
}

/** All limits of a plan in one line. */
export function limitsText({ rateLimits, quotas }: Limits): string {
  const texts = [...quotas.map(quotaText), ...rateLimits.map(rateLimitText)];
  return texts.length === 0 ? 'No limits' : texts.join(', ');
}

function towardsNow(value: number): number {
  const whole = Math.trunc(value);
  return whole === 0 ? Math.sign(value) : whole;
}
