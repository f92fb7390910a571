import type { Actor, RequestOrigin, TurnOnPasskeyStepResult } from '../accounts/account.ts';
import { newSession } from '../sessions/new-session.ts';
import { hashRecoveryCode, newRecoveryCodes } from './second-factor.ts';
import type { SignInDeps } from '../sign-in/sign-in.ts';

/**
 * From now on a passkey of the account follows its password, wherever that is typed. Each was proved to work when it was
 * added. Every session ends, and this browser gets a new one.
 */
export async function turnOnPasskeyStep(
  deps: SignInDeps,
  { accountId, emailVerified }: Actor,
  origin: RequestOrigin,
): Promise<TurnOnPasskeyStepResult> {
  if (!emailVerified) return { ok: false, reason: 'email_not_verified' };
  const change = { accountId, address: origin.address, nowMs: deps.clock.nowMs() };
  const recoveryCodes = newRecoveryCodes(deps.random);
  const hashes = recoveryCodes.map((code) => hashRecoveryCode(accountId, code));
  const outcome = await deps.secondFactors.turnOnPasskeys(change, hashes);
  if (outcome !== 'on') return { ok: false, reason: outcome };
  const session = await newSession(deps, accountId, { ...origin, formerSessionToken: null }, change.nowMs);
  return { ...session, recoveryCodes };
}
