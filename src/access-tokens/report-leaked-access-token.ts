import type { Clock } from '../platform/clock.ts';
import { hashAccessToken, isAccessToken } from './access-token-secret.ts';
import type { AccessTokenStore } from './access-token-store.ts';

export interface ReportLeakedAccessTokenDeps {
  accessTokens: Pick<AccessTokenStore, 'findByHash' | 'revokeLeaked'>;
  clock: Clock;
  sessionSecret: Uint8Array;
  prefix: string;
}

/**
 * Ends a token that somebody found, and tells its account. Access tokens are always revoked: nothing stands still when
 * one ends, and it can do more than a key.
 * @param place where it was found, as a signed scan says; '' for a report by anybody
 * @returns whether it is or was one of ours; for those who may know
 */
export async function reportLeakedAccessToken(
  deps: ReportLeakedAccessTokenDeps,
  { token, place }: { token: string; place: string },
): Promise<boolean> {
  const nowMs = deps.clock.nowMs();
  if (!isAccessToken(deps.prefix, token)) return false;
  const tokenHash = hashAccessToken(deps.sessionSecret, token);
  if (await deps.accessTokens.revokeLeaked(tokenHash, place, nowMs)) return true;
  return (await deps.accessTokens.findByHash(tokenHash)) !== null;
}
