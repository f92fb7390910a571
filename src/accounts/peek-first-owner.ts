import type { Clock } from '../platform/clock.ts';
import { hashOneTimeToken } from '../email-addresses/one-time-token.ts';
import type { OneTimeTokenStore } from '../email-addresses/one-time-token-store.ts';

/** Looks without using the token up. */
export async function peekFirstOwner(
  deps: { tokens: OneTimeTokenStore; clock: Clock; sessionSecret: Uint8Array },
  token: string,
): Promise<{ valid: boolean }> {
  const tokenHash = hashOneTimeToken(deps.sessionSecret, 'first_owner', token);
  return { valid: await deps.tokens.isUsable('first_owner', tokenHash, deps.clock.nowMs()) };
}
