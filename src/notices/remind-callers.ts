import type { Actor } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import { type FindReachedDeps, findReached } from './find-reached.ts';
import { type RemindResult, mannerFor } from './notice.ts';
import type { NoticeAudienceStore } from './notice-audience-store.ts';
import { noticeFacts } from './notice-event.ts';
import type { NoticeLibrary } from './notice-library.ts';
import type { NoticePublicationStore } from './notice-publication-store.ts';

export interface RemindCallersDeps extends FindReachedDeps {
  library: Pick<NoticeLibrary, 'find'>;
  audience: Pick<NoticeAudienceStore, 'holders' | 'recipients'>;
  publications: Pick<NoticePublicationStore, 'remind'>;
  clock: Clock;
}

/** Between two reminders of one notice. */
export const REMINDER_PAUSE_MS = 24 * 3_600_000;

/** Mails the teams that called what the notice names in the last seven days, unless they want no such mails. */
export async function remindCallers(
  deps: RemindCallersDeps,
  actor: Pick<Actor, 'role' | 'accountId'>,
  slug: string,
): Promise<RemindResult> {
  const notice = actor.role === 'owner' ? deps.library.find(slug) : null;
  if (!notice) return { ok: false, reason: 'not_found' };
  const nowMs = deps.clock.nowMs();
  const reached = await findReached(deps, notice, null, nowMs);
  const calling = reached.filter(({ calls }) => calls.namedThisWeek > 0).map(({ holder }) => holder.teamId);
  const teamIds = [...new Set(calling)];
  const recipients = await deps.audience.recipients(teamIds);
  const wanted = recipients.filter(({ preference }) => mannerFor(notice, preference) !== 'none');
  const accountIds = [...new Set(wanted.map(({ accountId }) => accountId))];
  if (accountIds.length === 0) return { ok: false, reason: 'nobody_calls' };
  const when = { nowMs, lastBeforeMs: nowMs - REMINDER_PAUSE_MS };
  const whom = { teamIds, accountIds, actorId: actor.accountId };
  const result = await deps.publications.remind({ notice: noticeFacts(notice), ...whom, ...when });
  if (result === 'queued') return { ok: true, mails: accountIds.length };
  if (result === 'not_seen') return { ok: false, reason: 'not_found' };
  return { ok: false, reason: 'reminded_recently', againAtMs: result.remindedAtMs + REMINDER_PAUSE_MS };
}
