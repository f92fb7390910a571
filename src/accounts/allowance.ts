import { hmacSha256 } from '../platform/hash.ts';
import { normalizeEmail } from './account.ts';
import { networkOf } from '../sign-in/sign-in-throttle.ts';

/** How often something may be asked for: `atOnce` times, and once more for every `refillMs` that pass. */
export interface Allowance {
  subject: string;
  atOnce: number;
  refillMs: number;
}

const MINUTE_MS = 60 * 1000;

/** A course of twenty can sign up behind one address; a program gets ten accounts an hour. */
export function signUpAllowance(address: string): Allowance {
  return { subject: `sign_up:${networkOf(address)}`, atOnce: 20, refillMs: 6 * MINUTE_MS };
}

/** Forgotten passwords, for whatever addresses, asked for from one network. */
export function resetAllowance(address: string): Allowance {
  return { subject: `reset:${networkOf(address)}`, atOnce: 20, refillMs: 3 * MINUTE_MS };
}

/** Reports of leaked API keys, by anybody in one network. */
export function leakReportAllowance(address: string): Allowance {
  return { subject: `leak_report:${networkOf(address)}`, atOnce: 20, refillMs: MINUTE_MS };
}

/** Readers in one network who say whether pages are clear. */
export function feedbackAllowance(address: string): Allowance {
  return { subject: `feedback:${networkOf(address)}`, atOnce: 20, refillMs: 3 * MINUTE_MS };
}

/** Reports of weaknesses: from one network, and from everybody, since each one is mailed to owners. */
export function securityReportAllowances(address: string): readonly Allowance[] {
  return [
    { subject: `security_report:${networkOf(address)}`, atOnce: 20, refillMs: 6 * MINUTE_MS },
    { subject: 'security_report:everybody', atOnce: 100, refillMs: MINUTE_MS },
  ];
}

/** Programs in one network that ask to be signed in. */
export function commandLineAllowance(address: string): Allowance {
  return { subject: `command_line:${networkOf(address)}`, atOnce: 20, refillMs: MINUTE_MS };
}

/** Codes of programs that one account may try. */
export function commandLineCodeAllowance(accountId: string): Allowance {
  return { subject: `command_line_code:${accountId}`, atOnce: 10, refillMs: MINUTE_MS };
}

/** Changes of e-mail address that one account may start. */
export function emailChangeAllowance(accountId: string): Allowance {
  return { subject: `email_change:${accountId}`, atOnce: 5, refillMs: 60 * MINUTE_MS };
}

/**
 * Mails that others can have sent to one address, whether it has an account or not. Refilled as slowly as a link
 * lives, so that whoever asks again and again cannot end every link before its owner has used it.
 */
export function mailAllowance(secret: Uint8Array, email: string): Allowance {
  const hash = Buffer.from(hmacSha256(secret, `mail:${normalizeEmail(email)}`)).toString('hex');
  return { subject: `mail:${hash}`, atOnce: 3, refillMs: 10 * MINUTE_MS };
}

/** What is left of an allowance after one more use; or how long to wait for it. */
export function spend(
  { atOnce, refillMs }: Allowance,
  spentUntilMs: number,
  nowMs: number,
): { spentUntilMs: number; waitMs: number } {
  const fullMs = atOnce * refillMs;
  // A clock that was set back must not make anybody wait longer than an empty allowance does.
  const current = Math.min(Math.max(spentUntilMs, nowMs), nowMs + fullMs);
  return { spentUntilMs: current + refillMs, waitMs: Math.max(0, current + refillMs - fullMs - nowMs) };
}
