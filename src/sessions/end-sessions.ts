import type { Clock } from '../platform/clock.ts';
import type { SignedIn } from '../accounts/account.ts';
import type { EndSessionsRequest } from './end-sessions.form.ts';
import type { SessionStore } from './session-store.ts';

/** Ends one session of the account or all but this one. Returns how many; 0 when it is not there, or another account's. */
export function endSessions(
  deps: { sessionStore: SessionStore; clock: Clock },
  { actor, sessionId }: Pick<SignedIn, 'actor' | 'sessionId'>,
  request: EndSessionsRequest,
): Promise<number> {
  const which = request.session === 'others' ? { except: sessionId } : { id: request.session };
  return deps.sessionStore.endOf(actor.accountId, which, deps.clock.nowMs());
}
