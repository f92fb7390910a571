import type { Actor } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import { teamsWith } from '../teams/role.ts';
import { type FindReachedDeps, findReached } from './find-reached.ts';
import { type AcknowledgeResult, type Notice, wordingOf } from './notice.ts';
import type { NoticeLibrary } from './notice-library.ts';
import type { NoticeResponseStore } from './notice-response-store.ts';

export interface AcknowledgeNoticeDeps extends FindReachedDeps {
  library: Pick<NoticeLibrary, 'find'>;
  responses: Pick<NoticeResponseStore, 'acknowledge' | 'markRead'>;
  clock: Clock;
}

type Reader = Pick<Actor, 'accountId' | 'teamIds' | 'teamRoles'>;

/** Confirms the present wording for those of the actor's teams that it concerns and that the actor manages. */
export async function acknowledgeNotice(
  deps: AcknowledgeNoticeDeps,
  actor: Reader,
  slug: string,
): Promise<AcknowledgeResult> {
  const teamIds = teamsWith(actor, 'manage');
  return respond(deps, teamIds, slug, async (notice, concerned, nowMs) => {
    await deps.responses.markRead(wordingOf(notice), actor.accountId, nowMs);
    await deps.responses.acknowledge(wordingOf(notice), actor.accountId, concerned, nowMs);
  });
}

/** Notes that the actor has opened a notice that concerns them; nothing is kept about others. */
export async function markNoticeRead(
  deps: AcknowledgeNoticeDeps,
  actor: Reader,
  slug: string,
): Promise<AcknowledgeResult> {
  return respond(deps, actor.teamIds, slug, (notice, _concerned, nowMs) =>
    deps.responses.markRead(wordingOf(notice), actor.accountId, nowMs),
  );
}

async function respond(
  deps: AcknowledgeNoticeDeps,
  teamIds: readonly string[],
  slug: string,
  note: (notice: Notice, concerned: readonly string[], nowMs: number) => Promise<void>,
): Promise<AcknowledgeResult> {
  const notice = deps.library.find(slug);
  if (!notice) return { ok: false, reason: 'not_found' };
  const nowMs = deps.clock.nowMs();
  const reached = await findReached(deps, notice, teamIds, nowMs);
  if (reached.length === 0) return { ok: false, reason: 'not_affected' };
  await note(notice, [...new Set(reached.map(({ holder }) => holder.teamId))], nowMs);
  return { ok: true };
}
