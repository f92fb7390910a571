import type { Actor } from '../accounts/account.ts';
import type { NoticeLibrary } from '../notices/notice-library.ts';
import type { Clock } from '../platform/clock.ts';
import { entryOf } from './draft-notice.ts';
import type { NoticeReleaseStore } from './notice-release-store.ts';
import { type NoticeDraft, type NoticeVersion, type WrittenNotice, newestVersion, slugOf } from './written-notice.ts';
import type { WrittenNoticeStore } from './written-notice-store.ts';

export interface PublishNoticeDeps {
  store: Pick<WrittenNoticeStore, 'find' | 'listDue'>;
  releases: NoticeReleaseStore;
  /** For the addresses of files. */
  library: Pick<NoticeLibrary, 'findAny'>;
  clock: Clock;
  /** NOTICE_REVIEW: nothing becomes public that no second owner has approved. */
  needsReview: boolean;
}

type Owner = Pick<Actor, 'role' | 'accountId'>;

export interface PublishRequest {
  revision: number;
  /** null: now. */
  publishAtMs: number | null;
}

export type PublishNoticeResult =
  | { ok: true; slug: string; publishedAtMs: number; isScheduled: boolean }
  | { ok: false; reason: 'not_found' | 'not_editable' | 'changed_meanwhile' | 'not_approved' | 'in_the_past' };

export type TakeBackResult = { ok: true } | { ok: false; reason: 'not_found' | 'not_scheduled' | 'changed_meanwhile' };

const absent = { ok: false, reason: 'not_found' } as const;

/** Makes a draft public, at once or at a time that is set. Who it concerns is told by what announces all notices. */
export async function publishNotice(
  deps: PublishNoticeDeps,
  actor: Owner,
  noticeId: string,
  { revision, publishAtMs }: PublishRequest,
): Promise<PublishNoticeResult> {
  const { releases, clock, needsReview } = deps;
  const notice = actor.role === 'owner' ? await deps.store.find(noticeId) : null;
  if (!notice) return absent;
  if (notice.state !== 'draft') return { ok: false, reason: 'not_editable' };
  if (notice.revision !== revision) return { ok: false, reason: 'changed_meanwhile' };
  if (needsReview && notice.approvedBy === null) return { ok: false, reason: 'not_approved' };
  const nowMs = clock.nowMs();
  if (publishAtMs !== null && publishAtMs <= nowMs) return { ok: false, reason: 'in_the_past' };
  const isScheduled = publishAtMs !== null;
  const publishedAtMs = publishAtMs ?? nowMs;
  const slug = await freeSlug(deps, slugOf(notice.draft.fields.title, publishedAtMs));
  const release = { noticeId, revision, slug, needsApproval: needsReview, nowMs };
  const audit = (action: string) => entryOf(notice, action, actor, nowMs, { slug, publishedAtMs });
  const isDone = isScheduled
    ? await releases.schedule({ ...release, publishAtMs }, audit('notice.scheduled'))
    : await releases.publish(
        { ...release, version: firstVersion(notice.draft, actor.accountId, nowMs) },
        audit('notice.released'),
      );
  return isDone ? { ok: true, slug, publishedAtMs, isScheduled } : { ok: false, reason: 'changed_meanwhile' };
}

/** A scheduled notice becomes a draft again, as long as its time has not come. */
export async function takeBackNotice(
  { store, releases, clock }: Pick<PublishNoticeDeps, 'store' | 'releases' | 'clock'>,
  actor: Owner,
  noticeId: string,
  revision: number,
): Promise<TakeBackResult> {
  const notice = actor.role === 'owner' ? await store.find(noticeId) : null;
  if (!notice) return absent;
  const nowMs = clock.nowMs();
  // From its time on readers see it, even if no job has looked since.
  if (notice.state !== 'scheduled' || (notice.publishedAtMs ?? 0) <= nowMs)
    return { ok: false, reason: 'not_scheduled' };
  const audit = entryOf(notice, 'notice.unscheduled', actor, nowMs);
  const isDone = await releases.takeBack({ noticeId, revision, nowMs }, audit);
  return isDone ? { ok: true } : { ok: false, reason: 'changed_meanwhile' };
}

/**
 * Publishes what is due. The row decides: whoever is second, also after a crash, changes nothing.
 * @returns how many became public now
 */
export async function publishDueNotices({
  store,
  releases,
  clock,
}: Pick<PublishNoticeDeps, 'store' | 'releases' | 'clock'>): Promise<number> {
  const nowMs = clock.nowMs();
  let published = 0;
  for (const notice of await store.listDue(nowMs)) {
    const { id: noticeId, publishedAtMs, draft } = notice;
    if (publishedAtMs === null) continue;
    const version = firstVersion(draft, 'system', publishedAtMs);
    const audit = entryOf(notice, 'notice.released', { accountId: 'system' }, nowMs, { slug: notice.slug });
    if (await releases.publishDue({ noticeId, publishAtMs: publishedAtMs, version }, audit)) published += 1;
  }
  return published;
}

function firstVersion(draft: NoticeDraft, accountId: string, atMs: number): NoticeVersion {
  return { number: 1, atMs, accountId, cause: 'publication', reason: '', isTold: true, draft };
}

/** Later than the version before, so that each has a moment of its own. */
export function nextVersion(
  notice: WrittenNotice,
  nowMs: number,
  version: Omit<NoticeVersion, 'number' | 'atMs'>,
): NoticeVersion {
  const newest = newestVersion(notice);
  return { ...version, number: (newest?.number ?? 0) + 1, atMs: Math.max(nowMs, (newest?.atMs ?? 0) + 1) };
}

/** An address that no notice has, of whatever source. */
async function freeSlug({ releases, library }: PublishNoticeDeps, wanted: string): Promise<string> {
  const taken = new Set(await releases.takenSlugs(wanted));
  for (let count = 1; ; count += 1) {
    const slug = count === 1 ? wanted : `${wanted}-${count}`;
    if (!taken.has(slug) && library.findAny(slug) === null) return slug;
  }
}
