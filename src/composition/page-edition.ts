import type { NoticeLibrary } from '../notices/notice-library.ts';
import type { Notice } from '../notices/notice.ts';
import type { Edition } from '../server/answer-memory.ts';
import type { Foundation } from './foundation.ts';

/** Pages say how many days are left and whether a brown-out is on. */
const MINUTE_MS = 60_000;

interface PageEditionDeps extends Pick<Foundation, 'databases' | 'clock'> {
  notices: Pick<NoticeLibrary, 'list'>;
  canSave: () => boolean;
}

/**
 * What pages for guests show: rows of the portal's database, published notices, the time to the minute, and whether
 * anything can be saved. PostgreSQL has no number for what others have committed: pages are made anew there.
 */
export function createPageEdition({ databases, clock, notices, canSave }: PageEditionDeps): Edition {
  if (databases.portal.dialect !== 'sqlite') return () => null;
  // What other connections have committed, and what this one has changed.
  const readVersion = databases.portal.prepareLookup<{ version: string }>(
    `select data_version || ' ' || total_changes() as version from pragma_data_version`,
    [],
  );
  let seen: readonly Notice[] = [];
  let notedChanges = 0;
  const changesOfNotices = (): number => {
    const now = notices.list();
    if (now.length !== seen.length || now.some((notice, index) => notice !== seen[index])) notedChanges += 1;
    seen = now;
    return notedChanges;
  };
  return () => {
    const { version } = readVersion([]) as { version: string };
    const minute = Math.floor(clock.nowMs() / MINUTE_MS);
    return [version, changesOfNotices(), minute, canSave()].join(' ');
  };
}
