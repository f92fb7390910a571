import type { Actor } from '../accounts/account.ts';
import type {
  CorrectNoticeResult,
  CorrectRequest,
  UpdateIncidentResult,
  UpdateRequest,
  WithdrawNoticeResult,
} from '../editor/correct-notice.ts';
import type {
  ApproveNoticeResult,
  DiscardNoticeResult,
  DraftNoticeResult,
  RedraftNoticeResult,
} from '../editor/draft-notice.ts';
import type { ChangesRequest } from '../editor/draft-from-difference.ts';
import type { HistoryEntry } from '../editor/notice-history.ts';
import type { PublishNoticeResult, PublishRequest, TakeBackResult } from '../editor/publish-notice.ts';
import type { WrittenNoticeView } from '../editor/read-written-notices.ts';
import type { PartDifference } from '../editor/word-difference.ts';
import type { NoticeDraft, WrittenNotice } from '../editor/written-notice.ts';
import type { Notice } from '../notices/notice.ts';

/** What owners write in the portal. For everybody else there is none of it. */
export interface PortalNoticeEditor {
  /** The last changed first. */
  list(actor: Actor): Promise<readonly WrittenNotice[]>;
  view(actor: Actor, noticeId: string): Promise<WrittenNoticeView | null>;
  /** As readers would see it; keeps nothing. */
  preview(draft: NoticeDraft): Notice;
  /** What is different from one to the other. */
  difference(old: NoticeDraft, now: NoticeDraft): readonly PartDifference[];
  draft(actor: Actor, draft: NoticeDraft): Promise<DraftNoticeResult>;
  /** About what differs between two versions of an API. */
  draftFromDifference(
    actor: Actor,
    request: ChangesRequest,
  ): Promise<DraftNoticeResult | { ok: false; reason: 'too_much' }>;
  redraft(
    actor: Actor,
    noticeId: string,
    request: { draft: NoticeDraft; revision: number },
  ): Promise<RedraftNoticeResult>;
  approve(actor: Actor, noticeId: string, revision: number): Promise<ApproveNoticeResult>;
  discard(actor: Actor, noticeId: string, revision: number): Promise<DiscardNoticeResult>;
  publish(actor: Actor, noticeId: string, request: PublishRequest): Promise<PublishNoticeResult>;
  takeBack(actor: Actor, noticeId: string, revision: number): Promise<TakeBackResult>;
  correct(actor: Actor, noticeId: string, request: CorrectRequest): Promise<CorrectNoticeResult>;
  update(actor: Actor, noticeId: string, request: UpdateRequest): Promise<UpdateIncidentResult>;
  withdraw(
    actor: Actor,
    noticeId: string,
    request: { revision: number; reason: string },
  ): Promise<WithdrawNoticeResult>;
  /** What readers ever saw of a published notice, the newest first; null when there is none. */
  history(slug: string): Promise<readonly HistoryEntry[] | null>;
}
