import type { Actor } from '../accounts/account.ts';
import type { FeedbackCursor, FeedbackOverview } from './feedback.ts';
import type { FeedbackStore } from './feedback-store.ts';

export const COMMENTS_PER_PAGE = 30;

/** What readers said. Owners only; null for everybody else. */
export async function readFeedback(
  feedback: Pick<FeedbackStore, 'counts' | 'comments'>,
  actor: Pick<Actor, 'role'>,
  before: FeedbackCursor | null,
): Promise<FeedbackOverview | null> {
  if (actor.role !== 'owner') return null;
  const pages = await feedback.counts();
  const found = await feedback.comments(before, COMMENTS_PER_PAGE + 1);
  const comments = found.slice(0, COMMENTS_PER_PAGE);
  const last = comments.at(-1);
  return {
    pages: pages.toSorted((a, b) => b.unclear - a.unclear || (a.page < b.page ? -1 : 1)),
    comments,
    next: found.length > COMMENTS_PER_PAGE && last ? { createdAtMs: last.createdAtMs, id: last.id } : null,
  };
}
