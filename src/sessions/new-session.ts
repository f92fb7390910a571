import type { RequestOrigin, StartedSession } from '../accounts/account.ts';
import type { Sessions } from './sessions.ts';

/**
 * A session with a value of its own; the one that the browser still had ends, so that no value from before is worth
 * anything afterwards (yardstick A6).
 */
export async function newSession(
  deps: { sessions: Sessions },
  accountId: string,
  from: RequestOrigin & { formerSessionToken: string | null },
  nowMs: number,
): Promise<StartedSession> {
  if (from.formerSessionToken !== null) await deps.sessions.end(from.formerSessionToken, nowMs);
  const { token, expiresAtMs } = await deps.sessions.start(accountId, from, nowMs);
  return { ok: true, sessionToken: token, expiresAtMs };
}
