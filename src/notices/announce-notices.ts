import { setImmediate as nextTurn } from 'node:timers/promises';

import type { Clock } from '../platform/clock.ts';
import { type FindReachedDeps, findReached } from './find-reached.ts';
import { type Notice, type Wording, mannerFor, wordingsOf } from './notice.ts';
import type { NoticeDeliveryStore } from './notice-delivery-store.ts';
import { noticeFacts } from './notice-event.ts';
import type { NoticeLibrary } from './notice-library.ts';
import type { NoticePublicationStore } from './notice-publication-store.ts';

export interface AnnounceNoticesDeps extends FindReachedDeps {
  library: Pick<NoticeLibrary, 'list' | 'withdrawn'>;
  publications: NoticePublicationStore;
  deliveries: Pick<NoticeDeliveryStore, 'tell' | 'tellFormer'>;
  clock: Clock;
}

/** A notice that is older when it appears comes from an archive, or the clock was wrong: nobody is mailed. */
export const OLD_NOTICE_MS = 30 * 86_400_000;

const HOUR_MS = 3_600_000;

/** In one transaction: few enough that readers of pages do not notice, many enough that the disk is seldom waited for. */
const TEAMS_AT_ONCE = 2000;

/**
 * Tells everybody concerned of each notice that has newly been published, once for each wording. What was there at
 * the installation's first look is known. An announcement that is cut off goes on at the next call.
 */
export async function announceNotices(deps: AnnounceNoticesDeps): Promise<void> {
  const nowMs = deps.clock.nowMs();
  const notices = deps.library.list();
  const seen = await deps.publications.seen();
  if (seen.length === 0 && (await deps.publications.beginWatching(notices.flatMap(wordingsOf), nowMs))) return;
  const isAnnounced = new Map(seen.map((one) => [nameOf(one), one.isAnnounced]));
  const seenSlugs = new Set(seen.map(({ slug }) => slug));
  for (const notice of notices) {
    const wordings = wordingsOf(notice);
    for (const [index, wording] of wordings.entries()) {
      const known = isAnnounced.get(nameOf(wording));
      if (known === true) continue;
      // Of an incident that appears with its whole timeline only the end is news, and what has just happened.
      const isBefore = !seenSlugs.has(notice.slug) && index < wordings.length - 1;
      const isPast = isBefore && wording.revisionAtMs < nowMs - HOUR_MS;
      const isOld = isPast || wording.revisionAtMs < nowMs - OLD_NOTICE_MS;
      if (known === undefined) await deps.publications.addSeen(wording, isOld, nowMs);
      if (known === false || !isOld) await announce(deps, notice, wording, nowMs);
    }
  }
  for (const { notice, atMs, reason } of deps.library.withdrawn()) {
    const wasTold = isAnnounced.get(nameOf({ slug: notice.slug, revisionAtMs: atMs })) === true;
    if (wasTold || atMs < nowMs - OLD_NOTICE_MS) continue;
    const teamIds = await concernedTeams(deps, notice, nowMs);
    await deps.deliveries.tellFormer({ notice: noticeFacts(notice), atMs, reason, teamIds }, nowMs);
  }
}

async function announce(
  deps: AnnounceNoticesDeps,
  notice: Notice,
  { revisionAtMs }: Wording,
  nowMs: number,
): Promise<void> {
  const teamIds = await concernedTeams(deps, notice, nowMs);
  const facts = { ...noticeFacts(notice), revisionAtMs };
  const manners = {
    immediate: mannerFor(notice, 'immediate'),
    digest: mannerFor(notice, 'digest'),
    none: mannerFor(notice, 'none'),
  };
  for (let start = 0; start < teamIds.length; start += TEAMS_AT_ONCE) {
    const someTeams = teamIds.slice(start, start + TEAMS_AT_ONCE);
    await deps.deliveries.tell(facts, someTeams, manners, nowMs);
    // SQLite answers at once: without a pause nobody else in this process would get a turn.
    await nextTurn();
  }
  await deps.publications.finishAnnouncement(facts, teamIds.length, nowMs);
}

async function concernedTeams(deps: FindReachedDeps, notice: Notice, nowMs: number): Promise<string[]> {
  const reached = await findReached(deps, notice, null, nowMs);
  return [...new Set(reached.map(({ holder }) => holder.teamId))];
}

function nameOf({ slug, revisionAtMs }: Wording): string {
  return `${slug} ${revisionAtMs}`;
}
