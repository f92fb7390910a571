import type { Clock } from '../platform/clock.ts';
import { type Random, newId } from '../platform/random.ts';
import {
  ACCESS_TOKENS_PER_ACCOUNT,
  type AccessToken,
  type CreateAccessTokenResult,
  isOwnerScope,
} from './access-token.ts';
import { drawAccessToken, hashAccessToken } from './access-token-secret.ts';
import type { AccessTokenStore } from './access-token-store.ts';
import type { Actor, RequestOrigin } from '../accounts/account.ts';
import type { CreateAccessTokenRequest } from './create-access-token.form.ts';

const DAY_MS = 86_400_000;

export interface CreateAccessTokenDeps {
  accessTokens: AccessTokenStore;
  clock: Clock;
  random: Random;
  sessionSecret: Uint8Array;
  prefix: string;
}

/** Makes a token and returns it, the only time that it leaves this function. Its account is told by mail. */
export async function createAccessToken(
  deps: CreateAccessTokenDeps,
  actor: Actor,
  request: CreateAccessTokenRequest,
  origin: RequestOrigin,
): Promise<CreateAccessTokenResult> {
  const nowMs = deps.clock.nowMs();
  if (actor.role !== 'owner' && request.scopes.some(isOwnerScope)) return { ok: false, reason: 'owners_only' };
  const { token, firstFour, lastFour } = drawAccessToken(deps.random, deps.prefix);
  const accessToken: AccessToken = {
    id: newId(deps.random, 'pat'),
    name: request.name,
    firstFour,
    lastFour,
    scopes: request.scopes,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + request.expiresInDays * DAY_MS,
    lastUsedAtMs: null,
    lastUsedAddress: null,
    revokedAtMs: null,
    revokeReason: null,
  };
  const tokenHash = hashAccessToken(deps.sessionSecret, token);
  const outcome = await deps.accessTokens.addUnlessFull(
    { accessToken, accountId: actor.accountId, tokenHash, requestId: request.requestId, address: origin.address },
    ACCESS_TOKENS_PER_ACCOUNT,
  );
  if (outcome.ok) return { ok: true, accessToken, token };
  return outcome.reason === 'too_many_tokens' ? { ...outcome, limit: ACCESS_TOKENS_PER_ACCOUNT } : outcome;
}
