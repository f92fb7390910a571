import type { Actor } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import { type FindReachedDeps, findReached } from './find-reached.ts';
import { type AcknowledgeResult, type Notice, wordingOf } from './notice.ts';
import type { NoticeLibrary } from './notice-library.ts';
import type { NoticeResponseStore } from './notice-response-store.ts';

export interface AcknowledgeNoticeDeps extends FindReachedDeps {
  library: Pick<NoticeLibrary, 'find'>;
  responses: Pick<NoticeResponseStore, 'acknowledge' | 'markRead'>;
  clock: Clock;
}

type Reader = Pick<Actor, 'accountId' | 'teamIds'>;

/** Confirms the present wording for those of the actor's teams that it concerns; it has been read, then. */
export async function acknowledgeNotice(
  deps: AcknowledgeNoticeDeps,
  actor: Reader,
  slug: string,
): Promise<AcknowledgeResult> {
  return respond(deps, actor, slug, async (notice, teamIds, nowMs) => {
    await deps.responses.markRead(wordingOf(notice), actor.accountId, nowMs);
    await deps.responses.acknowledge(wordingOf(notice), actor.accountId, teamIds, nowMs);
  });
}

/** Notes that the actor has opened a notice that concerns them; nothing is kept about others. */
export async function markNoticeRead(
  deps: AcknowledgeNoticeDeps,
  actor: Reader,
  slug: string,
): Promise<AcknowledgeResult> {
  return respond(deps, actor, slug, (notice, _teamIds, nowMs) =>
    deps.responses.markRead(wordingOf(notice), actor.accountId, nowMs),
  );
}

async function respond(
  deps: AcknowledgeNoticeDeps,
  { teamIds }: Reader,
  slug: string,
  note: (notice: Notice, teamIds: readonly string[], nowMs: number) => Promise<void>,
): Promise<AcknowledgeResult> {
  const notice = deps.library.find(slug);
  if (!notice) return { ok: false, reason: 'not_found' };
  const nowMs = deps.clock.nowMs();
  const reached = await findReached(deps, notice, teamIds, nowMs);
  if (reached.length === 0) return { ok: false, reason: 'not_affected' };
  await note(notice, [...new Set(reached.map(({ holder }) => holder.teamId))], nowMs);
  return { ok: true };
}
