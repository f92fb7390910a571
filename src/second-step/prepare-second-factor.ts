import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import type { Actor, PrepareSecondFactorResult } from '../accounts/account.ts';
import { encryptTotpSecret, newTotpSecret } from './second-factor.ts';
import type { SecondFactorStore } from './second-factor-store.ts';

/** A new secret each time; none counts until a code of it was typed in. Mail that reaches its owner is the way back. */
export async function prepareSecondFactor(
  deps: { secondFactors: SecondFactorStore; clock: Clock; random: Random; sessionSecret: Uint8Array },
  actor: Actor,
): Promise<PrepareSecondFactorResult> {
  if (!actor.emailVerified) return { ok: false, reason: 'email_not_verified' };
  const { accountId } = actor;
  const secret = newTotpSecret(deps.random);
  const encrypted = encryptTotpSecret(deps.sessionSecret, accountId, secret, deps.random);
  const prepared = await deps.secondFactors.prepare(accountId, encrypted, deps.clock.nowMs());
  return prepared ? { ok: true } : { ok: false, reason: 'already_on' };
}
