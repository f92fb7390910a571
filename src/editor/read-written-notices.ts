import type { Account, Actor } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import type { Notice } from '../notices/notice.ts';
import type { ImpactReader, ImpactReport } from '../notices/read-notice-impact.ts';
import { type HistoryEntry, historyOf } from './notice-history.ts';
import { type PartDifference, draftDifference } from './word-difference.ts';
import { type WrittenNotice, mayApprove, newestVersion } from './written-notice.ts';
import type { WrittenNoticeStore } from './written-notice-store.ts';
import { previewOf } from './written-notices.ts';

export interface ReadWrittenNoticesDeps {
  store: Pick<WrittenNoticeStore, 'list' | 'find'>;
  accounts: { find(accountId: string): Promise<Account | null> };
  readImpact: ImpactReader;
  clock: Clock;
  needsReview: boolean;
}

/** Everything that an owner decides by. */
export interface WrittenNoticeView {
  written: WrittenNotice;
  /** As readers would see what is being written. */
  preview: Notice;
  /** Whom that reaches. */
  impact: ImpactReport;
  history: readonly HistoryEntry[];
  /** What readers do not see yet; none before publication. */
  unpublished: readonly PartDifference[];
  review: { isNeeded: boolean; isApproved: boolean; mayApprove: boolean };
  /** Addresses of those who wrote, by account. */
  names: ReadonlyMap<string, string>;
}

/** What owners have written, the last changed first; nothing for everybody else. */
export async function listWrittenNotices(
  { store }: Pick<ReadWrittenNoticesDeps, 'store'>,
  { role }: Pick<Actor, 'role'>,
): Promise<readonly WrittenNotice[]> {
  return role === 'owner' ? store.list() : [];
}

export async function viewWrittenNotice(
  deps: ReadWrittenNoticesDeps,
  actor: Pick<Actor, 'role' | 'accountId'>,
  noticeId: string,
): Promise<WrittenNoticeView | null> {
  const written = actor.role === 'owner' ? await deps.store.find(noticeId) : null;
  if (!written) return null;
  const preview = previewOf(written, deps.clock.nowMs());
  const newest = newestVersion(written);
  return {
    written,
    preview,
    impact: await deps.readImpact(preview, deps.clock.nowMs()),
    history: historyOf(written),
    unpublished: newest ? draftDifference(newest.draft, written.draft) : [],
    review: {
      isNeeded: deps.needsReview,
      isApproved: written.approvedBy !== null,
      mayApprove: mayApprove(written, actor.accountId),
    },
    names: await namesOf(deps, written),
  };
}

async function namesOf({ accounts }: ReadWrittenNoticesDeps, written: WrittenNotice): Promise<Map<string, string>> {
  const ids = new Set([written.changedBy, ...written.authors, ...written.versions.map(({ accountId }) => accountId)]);
  if (written.approvedBy !== null) ids.add(written.approvedBy);
  const names = new Map<string, string>();
  for (const id of ids) {
    const account = await accounts.find(id);
    if (account) names.set(id, account.email);
  }
  return names;
}
