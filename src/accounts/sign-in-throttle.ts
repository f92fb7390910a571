import { hmacSha256 } from '../platform/hash.ts';
import { parseCidr } from '../platform/ip-address.ts';
import { normalizeEmail } from './account.ts';

/** Whose failed sign-ins are counted together, and how many are free of waiting. */
export interface ThrottleSubject {
  subject: string;
  freeFailures: number;
}

export interface FailureCount {
  failures: number;
  lastFailedAtMs: number;
}

const LONGEST_WAIT_MS = 15 * 60 * 1000;
const FORGOTTEN_AFTER_MS = 24 * 60 * 60 * 1000;

/** Known and unknown addresses alike. Hashed, because what is typed here is not always an address of ours. */
export function accountSubject(secret: Uint8Array, email: string): ThrottleSubject {
  const hash = Buffer.from(hmacSha256(secret, `sign_in:${normalizeEmail(email)}`)).toString('hex');
  return { subject: `account:${hash}`, freeFailures: 5 };
}

/** One IPv4 address, or the /64 that one IPv6 subscriber has; more free failures, since an office may share it. */
export function addressSubject(address: string): ThrottleSubject {
  const range = parseCidr(address.includes(':') ? `${address}/64` : address);
  return { subject: `address:${range?.text ?? address}`, freeFailures: 50 };
}

/** Milliseconds until the next attempt is looked at: 1 s, 2 s, 4 s ... 15 min after the free failures (yardstick A8). */
export function waitMs(count: FailureCount, freeFailures: number, nowMs: number): number {
  if (currentFailures(count, nowMs) < freeFailures) return 0;
  const backOffMs = Math.min(1000 * 2 ** (count.failures - freeFailures), LONGEST_WAIT_MS);
  return Math.max(0, count.lastFailedAtMs + backOffMs - nowMs);
}

/** A day without a failure starts the count anew. */
export function currentFailures(count: FailureCount, nowMs: number): number {
  return count.lastFailedAtMs <= failuresForgottenBeforeMs(nowMs) ? 0 : count.failures;
}

export function failuresForgottenBeforeMs(nowMs: number): number {
  return nowMs - FORGOTTEN_AFTER_MS;
}
