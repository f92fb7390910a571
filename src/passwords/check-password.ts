import {
  type Account,
  type PasswordFailure,
  type RequestOrigin,
  type TooMany,
  normalizeEmail,
} from '../accounts/account.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import { NO_PASSWORD_HASH, type PasswordHasher } from './password-hasher.ts';
import { knownDeviceSubject } from '../sign-in/known-device.ts';
import type { Charge, SignInFailureStore } from '../sign-in/sign-in-failure-store.ts';
import { type ThrottleSubject, accountSubject, addressSubject, inARow, waitMs } from '../sign-in/sign-in-throttle.ts';

export interface PasswordCheckDeps {
  accounts: AccountStore;
  failures: SignInFailureStore;
  hasher: PasswordHasher;
  sessionSecret: Uint8Array;
}

export type PasswordCheck = { ok: true; account: Account; passwordHash: string } | PasswordFailure;

/**
 * The one place where a password is checked, whatever for, so that no way in is without the limit (yardstick A8).
 * Unknown address, wrong password and suspended account look alike, in answer and in time (yardstick A7).
 */
export async function checkPassword(
  deps: PasswordCheckDeps,
  given: { email: string; password: string },
  origin: RequestOrigin,
  nowMs: number,
): Promise<PasswordCheck> {
  const found = await deps.accounts.findForSignIn(normalizeEmail(given.email));
  const { subject, others, charge } = await chargeFor(deps, { ...given, accountId: found?.account.id }, origin, nowMs);
  if (!charge.ok) return tooManyAttempts(charge.waitMs);

  const correct = await deps.hasher.verify(found?.passwordHash ?? NO_PASSWORD_HASH, given.password);
  if (correct === null) {
    await deps.failures.refund([subject, ...others]);
    return { ok: false, reason: 'busy' };
  }
  if (!found || !correct || found.account.suspendedAtMs !== null) {
    const { failures } = charge;
    const isLockedOut = waitMs({ failures, lastFailedAtMs: nowMs }, subject, nowMs) > 0;
    const attempt = { subject: found?.account.id ?? subject.subject, address: origin.address, failures, isLockedOut };
    await deps.failures.report({ action: 'account.sign_in_failed', ...attempt }, nowMs);
    return { ok: false, reason: 'wrong_credentials' };
  }
  await deps.failures.clear(subject, [addressSubject(origin.address)]);
  return { ok: true, ...found };
}

/** A browser in which the account has signed in counts for itself, until it has failed too often in a row. */
async function chargeFor(
  { sessionSecret, failures }: PasswordCheckDeps,
  { email, accountId }: { email: string; accountId: string | undefined },
  origin: RequestOrigin,
  nowMs: number,
): Promise<{ subject: ThrottleSubject; others: ThrottleSubject[]; charge: Charge }> {
  const byAddress = addressSubject(origin.address);
  const chargeOne = async (subject: ThrottleSubject) => {
    const others = [inARow(subject), byAddress];
    return { subject, others, charge: await failures.charge([subject, ...others], nowMs) };
  };
  const device = accountId === undefined ? null : knownDeviceSubject(sessionSecret, accountId, origin.deviceToken);
  const charged = device && (await chargeOne(device));
  if (charged && (charged.charge.ok || charged.charge.waitMs !== Infinity)) return charged;
  return chargeOne(accountSubject(sessionSecret, email));
}

/** What a refusal for good says as Retry-After, in case somebody reads it: a day. */
const DAY_SECONDS = 24 * 60 * 60;

export function tooManyAttempts(waitMs: number): TooMany<'too_many_attempts'> {
  if (waitMs === Infinity)
    return { ok: false, reason: 'too_many_attempts', retryAfterSeconds: DAY_SECONDS, untilReset: true };
  return { ok: false, reason: 'too_many_attempts', retryAfterSeconds: Math.ceil(waitMs / 1000) };
}
