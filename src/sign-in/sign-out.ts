import type { Clock } from '../platform/clock.ts';
import type { Sessions } from '../sessions/sessions.ts';

export async function signOut(deps: { sessions: Sessions; clock: Clock }, sessionToken: string): Promise<void> {
  await deps.sessions.end(sessionToken, deps.clock.nowMs());
}
