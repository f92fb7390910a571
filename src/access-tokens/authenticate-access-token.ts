import type { Clock } from '../platform/clock.ts';
import { type AccessToken, accessTokenStateAt } from './access-token.ts';
import { hashAccessToken, isAccessToken } from './access-token-secret.ts';
import type { AccessTokenStore } from './access-token-store.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { Account, OwnTeam, RequestOrigin } from '../accounts/account.ts';

export interface AuthenticateAccessTokenDeps {
  accessTokens: Pick<AccessTokenStore, 'findByHash' | 'touch'>;
  accounts: Pick<AccountStore, 'teamsOf'>;
  clock: Clock;
  sessionSecret: Uint8Array;
  prefix: string;
}

/** Whose token it is, and the teams of that account, with its role in each. */
export interface AuthenticatedToken {
  accessToken: AccessToken;
  account: Account;
  teams: readonly OwnTeam[];
}

/** null unless it is a token that works, of an account that is not suspended. What is no token at all costs no read. */
export async function authenticateAccessToken(
  deps: AuthenticateAccessTokenDeps,
  token: string,
  origin: RequestOrigin,
): Promise<AuthenticatedToken | null> {
  const nowMs = deps.clock.nowMs();
  if (!isAccessToken(deps.prefix, token)) return null;
  const found = await deps.accessTokens.findByHash(hashAccessToken(deps.sessionSecret, token));
  if (!found || accessTokenStateAt(found.accessToken, nowMs) !== 'active') return null;
  await deps.accessTokens.touch(found.accessToken.id, origin.address, nowMs);
  const teams = await deps.accounts.teamsOf(found.account.id);
  return { ...found, teams };
}
