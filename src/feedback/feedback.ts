import type { TooMany } from '../accounts/account.ts';

export const COMMENT_MAX_LENGTH = 1000;

/** What a reader says of a page. */
export interface FeedbackRequest {
  /** Path of a guide or a notice. */
  page: string;
  isClear: boolean;
  /** '' for none. */
  comment: string;
}

export type GiveFeedbackResult = { ok: true } | { ok: false; reason: 'not_found' } | TooMany<'too_much_feedback'>;

export interface PageFeedback {
  page: string;
  clear: number;
  unclear: number;
}

export interface FeedbackComment {
  id: string;
  page: string;
  revision: string;
  isClear: boolean;
  comment: string;
  createdAtMs: number;
}

/** After which comment a page of older ones begins. */
export interface FeedbackCursor {
  createdAtMs: number;
  id: string;
}

export interface FeedbackOverview {
  /** The least clear first. */
  pages: readonly PageFeedback[];
  /** Newest first. */
  comments: readonly FeedbackComment[];
  /** null: there are no older ones. */
  next: FeedbackCursor | null;
}

export function writeCursor({ createdAtMs, id }: FeedbackCursor): string {
  return `${createdAtMs}.${id}`;
}

/** null for what is none of ours: the list then begins with the newest. */
export function readCursor(text: string | null): FeedbackCursor | null {
  const [, createdAtMs, id] = /^(\d{1,15})\.(\w{1,40})$/.exec(text ?? '') ?? [];
  return createdAtMs === undefined || id === undefined ? null : { createdAtMs: Number(createdAtMs), id };
}
