import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import { PENDING_SIGN_IN_MS, type RequestOrigin, type SignInResult } from '../accounts/account.ts';
import { type PasswordCheckDeps, checkPassword } from '../passwords/check-password.ts';
import { newSession } from '../sessions/new-session.ts';
import { newToken } from '../email-addresses/one-time-token.ts';
import { type PendingSignInStore, hashPendingToken } from './pending-sign-in-store.ts';
import type { SecondFactorStore } from '../second-step/second-factor-store.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { SignInRequest } from './sign-in.form.ts';

export interface SignInDeps extends PasswordCheckDeps {
  secondFactors: SecondFactorStore;
  pendingSignIns: PendingSignInStore;
  sessions: Sessions;
  clock: Clock;
  random: Random;
}

/**
 * With a second factor the right password gives no session, but a token that is good for the second step only.
 * @param formerSessionToken what the browser still had as session; it ends when a new one begins
 */
export async function signIn(
  deps: SignInDeps,
  request: SignInRequest,
  origin: RequestOrigin,
  formerSessionToken: string | null = null,
): Promise<SignInResult> {
  const nowMs = deps.clock.nowMs();
  const checked = await checkPassword(deps, request, origin, nowMs);
  if (!checked.ok) return checked;
  const { id: accountId, role } = checked.account;
  if (await deps.secondFactors.isOn(accountId)) {
    const pendingToken = newToken(deps.random);
    const expiresAtMs = nowMs + PENDING_SIGN_IN_MS;
    await deps.pendingSignIns.start({ id: hashPendingToken(deps.sessionSecret, pendingToken), accountId, expiresAtMs });
    return { ok: false, reason: 'second_factor', pendingToken, expiresAtMs };
  }
  const session = await newSession(deps, accountId, { ...origin, formerSessionToken }, nowMs);
  return { ...session, role };
}
