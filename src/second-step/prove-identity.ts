import {
  type Actor,
  type PasswordFailure,
  RECENT_SIGN_IN_MS,
  type RequestOrigin,
  normalizeEmail,
} from '../accounts/account.ts';
import { type PasswordCheckDeps, checkPassword } from '../passwords/check-password.ts';
import { NO_PASSWORD_HASH } from '../passwords/password-hasher.ts';

/**
 * Whether the one who acts is the person of the account: by its password, or, for an account that has none, by a sign-in
 * with a passkey or at a provider in the last ten minutes.
 * @param password null when the account has none
 */
export async function proveIdentity(
  deps: PasswordCheckDeps,
  actor: Actor,
  password: string | null,
  origin: RequestOrigin,
  nowMs: number,
): Promise<{ ok: true } | PasswordFailure> {
  if (password !== null) return checkPassword(deps, { email: actor.email, password }, origin, nowMs);
  const found = await deps.accounts.findForSignIn(normalizeEmail(actor.email));
  const hasNone = found?.account.id === actor.accountId && found.passwordHash === NO_PASSWORD_HASH;
  const isRecent = nowMs - actor.signedInAtMs < RECENT_SIGN_IN_MS;
  return hasNone && isRecent ? { ok: true } : { ok: false, reason: 'wrong_credentials' };
}
