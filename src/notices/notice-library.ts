import { join } from 'node:path';

import type { Clock } from '../platform/clock.ts';
import { createContentFolder } from '../platform/content-folder.ts';
import { loadNotices } from './load-notices.ts';
import type { FeedFormat, Notice, NoticeFilter, NoticeProblem } from './notice.ts';
import { type FeedDocument, noticeFeed } from './notice-feed.ts';

export interface NoticeLibrary {
  /** Published ones, newest first. */
  list(filter?: NoticeFilter): readonly Notice[];
  find(slug: string): Notice | null;
  /** Those whose time has not come, the next one first. For owners. */
  scheduled(): readonly Notice[];
  /** Published or scheduled. For owners. */
  findAny(slug: string): Notice | null;
  problems(): readonly NoticeProblem[];
  /** The newest notices, for feed readers. */
  feed(format: FeedFormat, filter?: NoticeFilter): FeedDocument;
}

export interface NoticeLibraryOptions {
  /** CONTENT_DIR; notices stand in its folder `notices`. */
  contentDir: string;
  publicUrl: string;
  clock: Clock;
}

/** The notices of CONTENT_DIR; a file that is added, changed or removed shows within a second, a future one when its time comes. */
export function createNoticeLibrary({ contentDir, publicUrl, clock }: NoticeLibraryOptions): NoticeLibrary {
  const current = createContentFolder(join(contentDir, 'notices'), clock, loadNotices);
  const published = (): readonly Notice[] => {
    const nowMs = clock.nowMs();
    return current().notices.filter((notice) => notice.publishedAtMs <= nowMs);
  };
  const list = (filter: NoticeFilter = {}): readonly Notice[] =>
    published().filter((notice) => matches(notice, filter));
  return {
    list,
    find: (slug) => published().find((notice) => notice.slug === slug) ?? null,
    scheduled() {
      const nowMs = clock.nowMs();
      return current()
        .notices.filter((notice) => notice.publishedAtMs > nowMs)
        .toReversed();
    },
    findAny: (slug) => current().notices.find((notice) => notice.slug === slug) ?? null,
    problems: () => current().problems,
    feed: (format, filter = {}) => noticeFeed(format, list(filter), filter, publicUrl),
  };
}

function matches(notice: Notice, filter: NoticeFilter): boolean {
  return (
    (filter.kind === undefined || notice.kind === filter.kind) &&
    (filter.severity === undefined || (notice.kind === 'advisory' && notice.severity === filter.severity)) &&
    (filter.api === undefined || notice.affects.some(({ api }) => api === filter.api))
  );
}
