import { type Notice, changedAtMsOf } from '../notices/notice.ts';
import type { NoticeVersion, WrittenNotice } from './written-notice.ts';
import { type PartDifference, draftDifference } from './word-difference.ts';

/** One wording that readers saw, and how it differs from the one before. */
export interface HistoryEntry extends Omit<NoticeVersion, 'draft' | 'accountId'> {
  differences: readonly PartDifference[];
}

/** Everything that was ever public, the newest first; who wrote it is for the audit log. */
export function historyOf({ versions }: Pick<WrittenNotice, 'versions'>): HistoryEntry[] {
  return versions
    .map(({ number, atMs, cause, reason, isTold, draft }, index) => {
      const before = versions[index - 1];
      return {
        ...{ number, atMs, cause, reason, isTold },
        differences: before ? draftDifference(before.draft, draft) : [],
      };
    })
    .toReversed();
}

/** What a notice says of its own history where no earlier wording is kept: that of a file stands in version control. */
export function plainHistoryOf(notice: Notice): HistoryEntry[] {
  const { publishedAtMs, corrections } = notice;
  const changes = corrections.map(({ atMs, reason }) => ({ atMs, cause: 'correction' as const, reason }));
  const changedAtMs = changedAtMsOf(notice);
  if (changedAtMs > publishedAtMs && !changes.some(({ atMs }) => atMs === changedAtMs))
    changes.push({ atMs: changedAtMs, cause: 'correction', reason: '' });
  return [{ atMs: publishedAtMs, cause: 'publication' as const, reason: '' }, ...changes]
    .sort((a, b) => a.atMs - b.atMs)
    .map((entry, index) => ({ ...entry, number: index + 1, isTold: true, differences: [] }))
    .toReversed();
}
