import { join } from 'node:path';

import type { Clock } from '../platform/clock.ts';
import { createContentFolder } from '../platform/content-folder.ts';
import { loadNotices, newestFirst } from './load-notices.ts';
import type { Notice, NoticeFilter, NoticeProblem } from './notice.ts';
import { NO_SOURCE, type NoticeSource, type WithdrawnNotice } from './notice-source.ts';

export interface NoticeLibrary {
  /** Published ones of all sources, newest first. */
  list(filter?: NoticeFilter): readonly Notice[];
  find(slug: string): Notice | null;
  /** Those that were published and taken back. */
  withdrawn(): readonly WithdrawnNotice[];
  findWithdrawn(slug: string): WithdrawnNotice | null;
  /** Those whose time has not come, the next one first. For owners. */
  scheduled(): readonly Notice[];
  /** Published or scheduled. For owners. */
  findAny(slug: string): Notice | null;
  problems(): readonly NoticeProblem[];
}

export interface NoticeLibraryOptions {
  /** CONTENT_DIR; notices stand in its folder `notices`. */
  contentDir: string;
  clock: Clock;
  /** What owners have written in the portal. */
  written?: NoticeSource;
}

/**
 * The notices of CONTENT_DIR and those written in the portal, as one list. A file that is added, changed or removed shows
 * within a second, a future one when its time comes. Of two with the same slug the file counts.
 */
export function createNoticeLibrary({ contentDir, clock, written = NO_SOURCE }: NoticeLibraryOptions): NoticeLibrary {
  const files = createContentFolder(join(contentDir, 'notices'), clock, loadNotices);
  const all = createMerger(
    () => files().notices,
    () => written.notices(),
  );
  const published = (): readonly Notice[] => {
    const nowMs = clock.nowMs();
    return all().filter((notice) => notice.publishedAtMs <= nowMs);
  };
  return {
    list: (filter = {}) => published().filter((notice) => matches(notice, filter)),
    find: (slug) => published().find((notice) => notice.slug === slug) ?? null,
    withdrawn: () => written.withdrawn(),
    findWithdrawn: (slug) => written.withdrawn().find(({ notice }) => notice.slug === slug) ?? null,
    scheduled() {
      const nowMs = clock.nowMs();
      return all()
        .filter((notice) => notice.publishedAtMs > nowMs)
        .toReversed();
    },
    findAny: (slug) => all().find((notice) => notice.slug === slug) ?? null,
    problems: () => files().problems,
  };
}

/** Both lists in one, newest first; made anew only when one of them is another. */
function createMerger(files: () => readonly Notice[], written: () => readonly Notice[]): () => readonly Notice[] {
  let seen: readonly [readonly Notice[], readonly Notice[]] | null = null;
  let merged: readonly Notice[] = [];
  return () => {
    const now = [files(), written()] as const;
    if (seen?.[0] === now[0] && seen[1] === now[1]) return merged;
    seen = now;
    const taken = new Set(now[0].map(({ slug }) => slug));
    merged = [...now[0], ...now[1].filter(({ slug }) => !taken.has(slug))].sort(newestFirst);
    return merged;
  };
}

function matches(notice: Notice, filter: NoticeFilter): boolean {
  return (
    (filter.kind === undefined || notice.kind === filter.kind) &&
    (filter.severity === undefined || (notice.kind === 'advisory' && notice.severity === filter.severity)) &&
    (filter.api === undefined || notice.affects.some(({ api }) => api === filter.api))
  );
}
