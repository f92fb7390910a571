import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import { FIRST_OWNER_TOKEN_MS, hashOneTimeToken, newToken } from '../email-addresses/one-time-token.ts';
import type { OneTimeTokenStore } from '../email-addresses/one-time-token-store.ts';

/** Called at every start: a token, good for a day, that replaces the one before; null once there is an owner. */
export async function createFirstOwnerToken(deps: {
  tokens: OneTimeTokenStore;
  clock: Clock;
  random: Random;
  sessionSecret: Uint8Array;
}): Promise<string | null> {
  const nowMs = deps.clock.nowMs();
  const token = newToken(deps.random);
  const created = await deps.tokens.replaceFirstOwner({
    tokenHash: hashOneTimeToken(deps.sessionSecret, 'first_owner', token),
    purpose: 'first_owner',
    accountId: null,
    email: null,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + FIRST_OWNER_TOKEN_MS,
  });
  return created ? token : null;
}
