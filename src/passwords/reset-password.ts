import type { Clock } from '../platform/clock.ts';
import type { RequestOrigin, ResetPasswordResult } from '../accounts/account.ts';
import { hashOneTimeToken } from '../email-addresses/one-time-token.ts';
import type { OneTimeTokenStore } from '../email-addresses/one-time-token-store.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { newPasswordRefusal } from './password-rules.ts';
import type { PasswordStore } from './password-store.ts';
import type { SecondFactorStore } from '../second-step/second-factor-store.ts';
import { accountSubject } from '../sign-in/sign-in-throttle.ts';

interface ResetPasswordDeps {
  tokens: OneTimeTokenStore;
  passwords: PasswordStore;
  secondFactors: SecondFactorStore;
  hasher: PasswordHasher;
  clock: Clock;
  sessionSecret: Uint8Array;
}

/**
 * Changes the password for who has the mailed link: once, within ten minutes. A refused password leaves the link good.
 * Signs nobody in, so that a second factor is asked for as ever (ASVS 6.4.3).
 */
export async function resetPassword(
  deps: ResetPasswordDeps,
  { token, password }: { token: string; password: string },
  origin: RequestOrigin,
): Promise<ResetPasswordResult> {
  const nowMs = deps.clock.nowMs();
  const tokenHash = hashOneTimeToken(deps.sessionSecret, 'reset_password', token);
  // First, so that nobody without a link makes us hash a password.
  const link = await deps.tokens.findLink('reset_password', tokenHash, nowMs);
  if (!link) return { ok: false, reason: 'invalid_or_expired' };
  const refusal = newPasswordRefusal(password, link.email, await deps.secondFactors.isOn(link.accountId));
  if (refusal) return { ok: false, ...refusal };
  const passwordHash = await deps.hasher.hash(password);
  if (passwordHash === null) return { ok: false, reason: 'busy' };
  const failures = accountSubject(deps.sessionSecret, link.email);
  const reset = await deps.passwords.reset(tokenHash, { passwordHash, address: origin.address, failures, nowMs });
  return reset ? { ok: true, ...reset } : { ok: false, reason: 'invalid_or_expired' };
}
