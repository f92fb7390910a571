import { hmacSha256 } from '../platform/hash.ts';
import { parseCidr } from '../platform/ip-address.ts';
import { normalizeEmail } from '../accounts/account.ts';

/** Whose failures are counted together, how many are free of waiting, and how long the first wait is. */
export interface ThrottleSubject {
  subject: string;
  freeFailures: number;
  /** Infinity: nothing is looked at any more after the free ones, however long one waits. */
  firstWaitMs: number;
}

export interface FailureCount {
  failures: number;
  lastFailedAtMs: number;
}

const LONGEST_WAIT_MS = 15 * 60 * 1000;
const FORGOTTEN_AFTER_MS = 24 * 60 * 60 * 1000;
/** NIST SP 800-63B-4 3.2.2: no more than this many failures in a row, however slowly they come. */
export const FAILURES_IN_A_ROW = 100;
/** Of rows of failures that did not come to their end. */
const ROW_FORGOTTEN_AFTER_MS = 90 * 24 * 60 * 60 * 1000;
/** How subjects of failures in a row begin. */
export const IN_A_ROW = 'row:';

/** Known and unknown addresses alike. Hashed, because what is typed here is not always an address of ours. */
export function accountSubject(secret: Uint8Array, email: string): ThrottleSubject {
  const hash = Buffer.from(hmacSha256(secret, `sign_in:${normalizeEmail(email)}`)).toString('hex');
  return { subject: `account:${hash}`, freeFailures: 5, firstWaitMs: 1000 };
}

/** The same failures, counted until one attempt is right or the password was reset by mail. */
export function inARow({ subject }: ThrottleSubject): ThrottleSubject {
  return { subject: IN_A_ROW + subject, freeFailures: FAILURES_IN_A_ROW, firstWaitMs: Infinity };
}

/** More free failures, since an office may share an address. */
export function addressSubject(address: string): ThrottleSubject {
  return { subject: `address:${networkOf(address)}`, freeFailures: 50, firstWaitMs: 1000 };
}

/**
 * Codes have six digits, and three of them are right at any time: five guesses, then one in ten to fifteen minutes
 * find one with a chance below 1 in 1,000 a day (yardstick A10).
 */
export function secondFactorSubject(accountId: string): ThrottleSubject {
  return { subject: `second_factor:${accountId}`, freeFailures: 5, firstWaitMs: 10 * 60 * 1000 };
}

/** One IPv4 address, or the /64 that one IPv6 subscriber has. */
export function networkOf(address: string): string {
  return parseCidr(address.includes(':') ? `${address}/64` : address)?.text ?? address;
}

/** Milliseconds until the next attempt is looked at: 1 s, 2 s, 4 s ... 15 min after the free failures (yardstick A8). */
export function waitMs(
  count: FailureCount,
  { freeFailures, firstWaitMs }: Omit<ThrottleSubject, 'subject'>,
  nowMs: number,
): number {
  if (firstWaitMs === Infinity) return count.failures < freeFailures ? 0 : Infinity;
  if (currentFailures(count, nowMs) < freeFailures) return 0;
  const backOffMs = Math.min(firstWaitMs * 2 ** (count.failures - freeFailures), LONGEST_WAIT_MS);
  return Math.max(0, count.lastFailedAtMs + backOffMs - nowMs);
}

/** A day without a failure starts the count anew. */
export function currentFailures(count: FailureCount, nowMs: number): number {
  return count.lastFailedAtMs <= failuresForgottenBeforeMs(nowMs) ? 0 : count.failures;
}

/** What is stored for one failure more. */
export function countedFailures(count: FailureCount, { firstWaitMs }: ThrottleSubject, nowMs: number): number {
  return (firstWaitMs === Infinity ? count.failures : currentFailures(count, nowMs)) + 1;
}

export function rowsForgottenBeforeMs(nowMs: number): number {
  return nowMs - ROW_FORGOTTEN_AFTER_MS;
}

export function failuresForgottenBeforeMs(nowMs: number): number {
  return nowMs - FORGOTTEN_AFTER_MS;
}
