import type { Clock } from '../platform/clock.ts';
import type { RevokeAccessTokenResult } from './access-token.ts';
import type { AccessTokenStore } from './access-token-store.ts';
import type { Actor } from '../accounts/account.ts';

const REASON = 'Revoked by its owner';

/** Ends a token of the actor's own for good; it counts from the next call on. */
export async function revokeAccessToken(
  deps: { accessTokens: AccessTokenStore; clock: Clock },
  { accountId }: Pick<Actor, 'accountId'>,
  tokenId: string,
): Promise<RevokeAccessTokenResult> {
  const own = await deps.accessTokens.list(accountId);
  if (!own.some(({ id }) => id === tokenId)) return { ok: false, reason: 'not_found' };
  const revoked = await deps.accessTokens.revokeIfActive(accountId, tokenId, REASON, {
    atMs: deps.clock.nowMs(),
    actor: accountId,
    action: 'access_token.revoked',
    subject: tokenId,
    teamId: null,
    details: { reason: REASON },
  });
  return revoked ? { ok: true, accessToken: revoked } : { ok: false, reason: 'token_not_active' };
}
