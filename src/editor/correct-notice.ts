import type { Actor } from '../accounts/account.ts';
import type { IncidentStatus } from '../notices/notice.ts';
import { entryOf } from './draft-notice.ts';
import { type PublishNoticeDeps, nextVersion } from './publish-notice.ts';
import { type NoticeDraft, hasUnpublishedChanges, isOpenIncident, newestVersion } from './written-notice.ts';

type Owner = Pick<Actor, 'role' | 'accountId'>;
type Deps = Pick<PublishNoticeDeps, 'store' | 'releases' | 'clock' | 'needsReview'>;

export interface CorrectRequest {
  revision: number;
  /** What was wrong, for readers. */
  reason: string;
  /** Mails all it concerns once more, and asks them to acknowledge again. */
  isTold: boolean;
}

export type CorrectNoticeResult =
  | { ok: true }
  | { ok: false; reason: 'not_found' | 'not_published' | 'changed_meanwhile' | 'not_approved' | 'nothing_changed' };

export interface UpdateRequest {
  revision: number;
  status: IncidentStatus;
  /** Plain text. */
  text: string;
}

export type UpdateIncidentResult =
  { ok: true } | { ok: false; reason: 'not_found' | 'no_open_incident' | 'changed_meanwhile' };

export type WithdrawNoticeResult =
  { ok: true } | { ok: false; reason: 'not_found' | 'not_published' | 'changed_meanwhile' };

const absent = { ok: false, reason: 'not_found' } as const;

/** Shows readers what was written since, and why; what they saw before stays readable. */
export async function correctNotice(
  { store, releases, clock, needsReview }: Deps,
  actor: Owner,
  noticeId: string,
  { revision, reason, isTold }: CorrectRequest,
): Promise<CorrectNoticeResult> {
  const notice = actor.role === 'owner' ? await store.find(noticeId) : null;
  if (!notice) return absent;
  if (notice.state !== 'published') return { ok: false, reason: 'not_published' };
  if (notice.revision !== revision) return { ok: false, reason: 'changed_meanwhile' };
  if (!hasUnpublishedChanges(notice)) return { ok: false, reason: 'nothing_changed' };
  if (needsReview && notice.approvedBy === null) return { ok: false, reason: 'not_approved' };
  const nowMs = clock.nowMs();
  const { draft } = notice;
  const accountId = actor.accountId;
  const version = nextVersion(notice, nowMs, { accountId, cause: 'correction', reason, isTold, draft });
  const audit = entryOf(notice, 'notice.corrected', actor, nowMs, { slug: notice.slug, reason, isTold });
  const change = { noticeId, revision, needsApproval: needsReview, nowMs, version, draft: null };
  return (await releases.revise(change, audit)) ? { ok: true } : { ok: false, reason: 'changed_meanwhile' };
}

/** Adds to the timeline of an incident; all it concerns are told of each entry once. */
export async function updateIncident(
  { store, releases, clock }: Omit<Deps, 'needsReview'>,
  actor: Owner,
  noticeId: string,
  { revision, status, text }: UpdateRequest,
): Promise<UpdateIncidentResult> {
  const notice = actor.role === 'owner' ? await store.find(noticeId) : null;
  if (!notice) return absent;
  const newest = newestVersion(notice);
  if (!newest || !isOpenIncident(notice)) return { ok: false, reason: 'no_open_incident' };
  if (notice.revision !== revision) return { ok: false, reason: 'changed_meanwhile' };
  const nowMs = clock.nowMs();
  const accountId = actor.accountId;
  const base = nextVersion(notice, nowMs, {
    ...{ accountId, cause: 'update' as const, reason: '', isTold: true, draft: newest.draft },
  });
  const entry = { at: new Date(base.atMs).toISOString(), status, text };
  const version = { ...base, draft: withEntry(newest.draft, entry) };
  // What is being written stays unpublished, and has the entry too.
  const draft = withEntry(notice.draft, entry);
  const audit = entryOf(notice, 'notice.incident_updated', actor, nowMs, { slug: notice.slug, status });
  const change = { noticeId, revision, needsApproval: false, nowMs, version, draft };
  return (await releases.revise(change, audit)) ? { ok: true } : { ok: false, reason: 'changed_meanwhile' };
}

function withEntry(draft: NoticeDraft, entry: { at: string; status: IncidentStatus; text: string }): NoticeDraft {
  const { fields } = draft;
  if (fields.kind !== 'incident') return draft;
  return { ...draft, fields: { ...fields, timeline: [...fields.timeline, entry] } };
}

/** Takes a published notice back: it concerns nobody any more; who follows a link reads why. */
export async function withdrawNotice(
  { store, releases, clock }: Omit<Deps, 'needsReview'>,
  actor: Owner,
  noticeId: string,
  { revision, reason }: { revision: number; reason: string },
): Promise<WithdrawNoticeResult> {
  const notice = actor.role === 'owner' ? await store.find(noticeId) : null;
  if (!notice) return absent;
  if (notice.state !== 'published') return { ok: false, reason: 'not_published' };
  const nowMs = clock.nowMs();
  const audit = entryOf(notice, 'notice.withdrawn', actor, nowMs, { slug: notice.slug, reason });
  const isDone = await releases.withdraw({ noticeId, revision, reason, nowMs }, audit);
  return isDone ? { ok: true } : { ok: false, reason: 'changed_meanwhile' };
}
