import type { Actor, RequestOrigin, TurnOnSecondFactorResult } from '../accounts/account.ts';
import { countAttempt } from './check-second-factor.ts';
import { newSession } from '../sessions/new-session.ts';
import { findPreparedSecret } from './read-totp-setup.ts';
import { hashRecoveryCode, newRecoveryCodes, totpStep } from './second-factor.ts';
import type { SignInDeps } from '../sign-in/sign-in.ts';

/** A right code proves that the app has the secret. Every session ends, and this browser gets a new one. */
export async function turnOnSecondFactor(
  deps: SignInDeps,
  actor: Actor,
  code: string,
  origin: RequestOrigin,
): Promise<TurnOnSecondFactorResult> {
  const { accountId } = actor;
  const change = { accountId, address: origin.address, nowMs: deps.clock.nowMs() };
  const prepared = await findPreparedSecret(deps, accountId);
  if (!prepared) return { ok: false, reason: 'not_prepared' };
  const checked = await countAttempt(deps, code, change, (typed) =>
    Promise.resolve(totpStep(prepared.secret, typed, change.nowMs)),
  );
  if (!checked.ok) return checked;

  const recoveryCodes = newRecoveryCodes(deps.random);
  const hashes = recoveryCodes.map((recoveryCode) => hashRecoveryCode(accountId, recoveryCode));
  const confirmed = { encryptedSecret: prepared.encryptedSecret, step: checked.found };
  if (!(await deps.secondFactors.turnOn(change, confirmed, hashes))) return { ok: false, reason: 'not_prepared' };
  const session = await newSession(deps, accountId, { ...origin, formerSessionToken: null }, change.nowMs);
  return { ...session, recoveryCodes };
}
