import type { Actor } from '../accounts/account.ts';
import type { AuditRecord } from '../audit/audit-log.ts';
import type { Clock } from '../platform/clock.ts';
import { type Random, newId } from '../platform/random.ts';
import { type NoticeDraft, type WrittenNotice, isSameDraft, mayApprove } from './written-notice.ts';
import type { WrittenNoticeStore } from './written-notice-store.ts';

export interface DraftNoticeDeps {
  store: WrittenNoticeStore;
  clock: Clock;
  random: Random;
}

type Owner = Pick<Actor, 'role' | 'accountId'>;

export type DraftNoticeResult = { ok: true; notice: WrittenNotice } | { ok: false; reason: 'not_found' };

export type RedraftNoticeResult =
  | { ok: true; notice: WrittenNotice }
  | { ok: false; reason: 'not_found' | 'not_editable' | 'other_kind' }
  /** `theirs`: as it is now; nothing was written. */
  | { ok: false; reason: 'changed_meanwhile'; theirs: WrittenNotice };

export type ApproveNoticeResult =
  { ok: true } | { ok: false; reason: 'not_found' | 'not_editable' | 'changed_meanwhile' | 'own_draft' };

export type DiscardNoticeResult =
  { ok: true } | { ok: false; reason: 'not_found' | 'not_editable' | 'changed_meanwhile' };

const absent = { ok: false, reason: 'not_found' } as const;

/** Writes a new draft, which nobody but owners sees. */
export async function draftNotice(deps: DraftNoticeDeps, actor: Owner, draft: NoticeDraft): Promise<DraftNoticeResult> {
  if (actor.role !== 'owner') return absent;
  const nowMs = deps.clock.nowMs();
  const notice: WrittenNotice = {
    ...{ id: newId(deps.random, 'ntc'), slug: null, state: 'draft', draft, revision: 1 },
    ...{ authors: [actor.accountId], approvedBy: null, versions: [] },
    ...{ createdAtMs: nowMs, changedAtMs: nowMs, changedBy: actor.accountId },
    ...{ publishedAtMs: null, toldAtMs: null, withdrawal: null },
  };
  await deps.store.add(notice, entryOf(notice, 'notice.drafted', actor, nowMs));
  return { ok: true, notice };
}

/**
 * Replaces what is being written, of a draft or of a correction. Two owners never overwrite each other: who saw an older
 * revision gets the newer one instead. An approval holds for what was approved only.
 */
export async function redraftNotice(
  { store, clock }: Omit<DraftNoticeDeps, 'random'>,
  actor: Owner,
  noticeId: string,
  { draft, revision }: { draft: NoticeDraft; revision: number },
): Promise<RedraftNoticeResult> {
  const notice = actor.role === 'owner' ? await store.find(noticeId) : null;
  if (!notice) return absent;
  if (notice.state !== 'draft' && notice.state !== 'published') return { ok: false, reason: 'not_editable' };
  if (notice.draft.fields.kind !== draft.fields.kind) return { ok: false, reason: 'other_kind' };
  if (notice.revision !== revision) return { ok: false, reason: 'changed_meanwhile', theirs: notice };
  if (isSameDraft(notice.draft, draft)) return { ok: true, notice };
  const nowMs = clock.nowMs();
  const authors = [...new Set([...notice.authors, actor.accountId])];
  const changed = { ...notice, draft, authors, approvedBy: null, changedAtMs: nowMs, changedBy: actor.accountId };
  if (await store.change(changed, entryOf(changed, 'notice.redrafted', actor, nowMs)))
    return { ok: true, notice: { ...changed, revision: revision + 1 } };
  const theirs = await store.find(noticeId);
  return theirs ? { ok: false, reason: 'changed_meanwhile', theirs } : absent;
}

/** A second owner has read what is to be published. */
export async function approveNotice(
  { store, clock }: Omit<DraftNoticeDeps, 'random'>,
  actor: Owner,
  noticeId: string,
  revision: number,
): Promise<ApproveNoticeResult> {
  const notice = actor.role === 'owner' ? await store.find(noticeId) : null;
  if (!notice) return absent;
  if (notice.state !== 'draft' && notice.state !== 'published') return { ok: false, reason: 'not_editable' };
  if (notice.revision !== revision) return { ok: false, reason: 'changed_meanwhile' };
  if (!mayApprove(notice, actor.accountId)) return { ok: false, reason: 'own_draft' };
  const approved = { ...notice, approvedBy: actor.accountId };
  const isDone = await store.change(approved, entryOf(approved, 'notice.approved', actor, clock.nowMs()));
  return isDone ? { ok: true } : { ok: false, reason: 'changed_meanwhile' };
}

/** Removes a draft that was never public. */
export async function discardNotice(
  { store, clock }: Omit<DraftNoticeDeps, 'random'>,
  actor: Owner,
  noticeId: string,
  revision: number,
): Promise<DiscardNoticeResult> {
  const notice = actor.role === 'owner' ? await store.find(noticeId) : null;
  if (!notice) return absent;
  if (notice.state !== 'draft') return { ok: false, reason: 'not_editable' };
  const seen = { ...notice, revision };
  const isDone = await store.discard(seen, entryOf(notice, 'notice.discarded', actor, clock.nowMs()));
  return isDone ? { ok: true } : { ok: false, reason: 'changed_meanwhile' };
}

/** The record of who did what to a written notice. */
export function entryOf(
  { id, draft: { fields } }: Pick<WrittenNotice, 'id' | 'draft'>,
  action: string,
  { accountId }: Pick<Actor, 'accountId'>,
  atMs: number,
  details: Readonly<Record<string, unknown>> = {},
): AuditRecord {
  const { kind, title } = fields;
  return { atMs, actor: accountId, action, subject: id, teamId: null, details: { kind, title, ...details } };
}
