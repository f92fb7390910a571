import type { Clock } from '../platform/clock.ts';
import type { Actor, VerificationLink } from '../accounts/account.ts';
import { hashOneTimeToken } from './one-time-token.ts';
import type { OneTimeTokenStore } from './one-time-token-store.ts';

/**
 * Looks without using the token up: mail scanners open links too. An address is confirmed only in a session of the
 * account: else whoever signs up with the address of somebody else would own what that person confirms.
 */
export async function peekLink(
  deps: { tokens: OneTimeTokenStore; clock: Clock; sessionSecret: Uint8Array },
  purpose: 'verify_email' | 'change_email',
  actor: Actor | null,
  token: string,
): Promise<VerificationLink> {
  const tokenHash = hashOneTimeToken(deps.sessionSecret, purpose, token);
  const link = await deps.tokens.findLink(purpose, tokenHash, deps.clock.nowMs());
  if (!link) return 'invalid_or_expired';
  if (!actor) return 'sign_in_first';
  return link.accountId === actor.accountId ? 'own' : 'other_account';
}
