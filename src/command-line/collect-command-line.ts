import type { AccountStore } from '../accounts/account-store.ts';
import type { RequestOrigin, TeamRole } from '../accounts/account.ts';
import type { CommandLineDeps } from './begin-command-line.ts';
import {
  COMMAND_LINE_INTERVAL_SECONDS,
  type CollectCommandLineResult,
  hashCommandLineCode,
} from './command-line-sign-in.ts';
import { type CreateAccessTokenDeps, createAccessToken } from '../access-tokens/create-access-token.ts';

/** Half of the interval: networks hold up one question and not the next. */
const SHORTEST_PAUSE_MS = COMMAND_LINE_INTERVAL_SECONDS * 500;

/**
 * Gives the program its token, once: the token is made now, so that it is stored nowhere, and its request id is that of
 * the hand-over, so that the row decides when two ask at once.
 */
export async function collectCommandLine(
  deps: CommandLineDeps & CreateAccessTokenDeps & { accounts: Pick<AccountStore, 'find' | 'teamsOf'> },
  deviceCode: string,
  origin: RequestOrigin,
): Promise<CollectCommandLineResult> {
  const nowMs = deps.clock.nowMs();
  const polled = await deps.commandLine.poll(hashCommandLineCode(deps.sessionSecret, 'device', deviceCode), nowMs);
  if (!polled) return { ok: false, reason: 'expired_token' };
  const { signIn, decision, polledBeforeMs } = polled;
  if (decision === 'refused') return { ok: false, reason: 'access_denied' };
  if (decision === 'none') {
    const isEarly = nowMs - polledBeforeMs < SHORTEST_PAUSE_MS;
    return { ok: false, reason: isEarly ? 'slow_down' : 'authorization_pending' };
  }
  const account = await deps.accounts.find(decision.accountId);
  if (account?.suspendedAtMs !== null) return { ok: false, reason: 'access_denied' };
  const actor = {
    accountId: account.id,
    email: account.email,
    role: account.role,
    emailVerified: account.emailVerifiedAtMs !== null,
    teamIds: [],
    teamRoles: new Map<string, TeamRole>(),
    signedInAtMs: 0,
  };
  const { name, scopes, expiresInDays } = decision;
  const created = await createAccessToken(deps, actor, { name, scopes, expiresInDays, requestId: signIn.id }, origin);
  if (!created.ok) return { ok: false, reason: 'invalid_grant' };
  return { ok: true, token: created.token, scopes, expiresAtMs: created.accessToken.expiresAtMs };
}
