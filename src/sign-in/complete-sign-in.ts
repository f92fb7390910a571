import type { CompleteSignInResult, RequestOrigin } from '../accounts/account.ts';
import { checkSecondFactor } from '../second-step/check-second-factor.ts';
import { newSession } from '../sessions/new-session.ts';
import { hashPendingToken } from './pending-sign-in-store.ts';
import type { SignInDeps } from './sign-in.ts';

/** The second step: a code of the authenticator app, or a recovery code, for a sign-in whose password was right. */
export async function completeSignIn(
  deps: SignInDeps,
  request: { pendingToken: string; code: string },
  origin: RequestOrigin,
  formerSessionToken: string | null = null,
): Promise<CompleteSignInResult> {
  const nowMs = deps.clock.nowMs();
  const id = hashPendingToken(deps.sessionSecret, request.pendingToken);
  const accountId = await deps.pendingSignIns.find(id, nowMs);
  if (accountId === null) return { ok: false, reason: 'expired' };
  const checked = await checkSecondFactor(deps, request.code, { accountId, address: origin.address, nowMs });
  if (!checked.ok) return checked;
  // Gone when the password was changed meanwhile.
  if (!(await deps.pendingSignIns.end(id))) return { ok: false, reason: 'expired' };
  return newSession(deps, accountId, { ...origin, formerSessionToken }, nowMs);
}
