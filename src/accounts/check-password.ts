import { type Account, type PasswordFailure, type RequestOrigin, type TooMany, normalizeEmail } from './account.ts';
import type { AccountStore } from './account-store.ts';
import { NO_PASSWORD_HASH, type PasswordHasher } from './password-hasher.ts';
import type { SignInFailureStore } from './sign-in-failure-store.ts';
import { accountSubject, addressSubject, waitMs } from './sign-in-throttle.ts';

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
  const byAccount = accountSubject(deps.sessionSecret, given.email);
  const byAddress = addressSubject(origin.address);
  const charge = await deps.failures.charge([byAccount, byAddress], nowMs);
  if (!charge.ok) return tooManyAttempts(charge.waitMs);

  const found = await deps.accounts.findForSignIn(normalizeEmail(given.email));
  const correct = await deps.hasher.verify(found?.passwordHash ?? NO_PASSWORD_HASH, given.password);
  if (correct === null) {
    await deps.failures.refund([byAccount, byAddress]);
    return { ok: false, reason: 'busy' };
  }
  if (!found || !correct || found.account.suspendedAtMs !== null) {
    const { failures } = charge;
    const isLockedOut = waitMs({ failures, lastFailedAtMs: nowMs }, byAccount, nowMs) > 0;
    const attempt = { subject: found?.account.id ?? byAccount.subject, address: origin.address, failures, isLockedOut };
    await deps.failures.report({ action: 'account.sign_in_failed', ...attempt }, nowMs);
    return { ok: false, reason: 'wrong_credentials' };
  }
  await deps.failures.clear(byAccount, [byAddress]);
  return { ok: true, ...found };
}

export function tooManyAttempts(waitMs: number): TooMany<'too_many_attempts'> {
  return { ok: false, reason: 'too_many_attempts', retryAfterSeconds: Math.ceil(waitMs / 1000) };
}
