import {
  type Actor,
  PASSWORD_MIN_LENGTH,
  type RequestOrigin,
  type TurnOffSecondFactorResult,
} from '../accounts/account.ts';
import { checkSecondFactor } from './check-second-factor.ts';
import { newSession } from '../sessions/new-session.ts';
import { passwordLength } from '../passwords/password-length.ts';
import { proveIdentity } from './prove-identity.ts';
import type { SignInDeps } from '../sign-in/sign-in.ts';
import type { TurnOffSecondFactorRequest } from './turn-off-second-factor.form.ts';

/**
 * Takes both factors; where the second one is a passkey, the sign-in that may do this has just shown it. A password that was
 * only good beside a second one has to be replaced first.
 */
export async function turnOffSecondFactor(
  deps: SignInDeps,
  actor: Actor,
  request: TurnOffSecondFactorRequest,
  origin: RequestOrigin,
): Promise<TurnOffSecondFactorResult> {
  const nowMs = deps.clock.nowMs();
  const { accountId } = actor;
  const { currentPassword } = request;
  const proven = await proveIdentity(deps, actor, currentPassword, origin, nowMs);
  if (!proven.ok) return proven;
  if (currentPassword !== null && passwordLength(currentPassword) < PASSWORD_MIN_LENGTH)
    return { ok: false, reason: 'password_too_short', minLength: PASSWORD_MIN_LENGTH };
  const change = { accountId, address: origin.address, nowMs };
  if ((await deps.secondFactors.secondStep(accountId)) === 'app') {
    const factor = await checkSecondFactor(deps, request.code ?? '', change);
    if (!factor.ok) return factor;
  }
  await deps.secondFactors.turnOff(change);
  return newSession(deps, accountId, { ...origin, formerSessionToken: null }, nowMs);
}
