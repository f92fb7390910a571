import type { Clock } from '../platform/clock.ts';
import { PASSWORD_MIN_LENGTH, PASSWORD_MIN_LENGTH_WITH_SECOND_FACTOR } from '../accounts/account.ts';
import { hashOneTimeToken } from '../email-addresses/one-time-token.ts';
import type { OneTimeTokenStore } from '../email-addresses/one-time-token-store.ts';
import type { SecondFactorStore } from '../second-step/second-factor-store.ts';

/** Looks without using the token up: for whom a new password is chosen, and how long it has to be; null when it is none. */
export async function peekPasswordReset(
  deps: { tokens: OneTimeTokenStore; secondFactors: SecondFactorStore; clock: Clock; sessionSecret: Uint8Array },
  token: string,
): Promise<{ email: string; minLength: number } | null> {
  const tokenHash = hashOneTimeToken(deps.sessionSecret, 'reset_password', token);
  const link = await deps.tokens.findLink('reset_password', tokenHash, deps.clock.nowMs());
  if (!link) return null;
  const isOn = await deps.secondFactors.isOn(link.accountId);
  return { email: link.email, minLength: isOn ? PASSWORD_MIN_LENGTH_WITH_SECOND_FACTOR : PASSWORD_MIN_LENGTH };
}
