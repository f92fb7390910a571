import type { AnnouncedEndStore } from '../catalog/announced-end-store.ts';
import { announcedEnds } from '../notices/announced-ends.ts';
import type { NoticeLibrary } from '../notices/notice-library.ts';
import { type PublishNoticeDeps, publishDueNotices } from './publish-notice.ts';
import type { WrittenNotices } from './written-notices.ts';

export interface KeepReadersCurrentDeps extends Pick<PublishNoticeDeps, 'store' | 'releases' | 'clock'> {
  written: WrittenNotices;
  library: Pick<NoticeLibrary, 'list'>;
  ends: AnnouncedEndStore;
}

/**
 * Publishes what is due, and brings lists, feeds and the headers of answers in line with what is published. After every
 * change by an owner, and every few seconds for dates that have come and for changes of other processes.
 */
export async function keepReadersCurrent(deps: KeepReadersCurrentDeps): Promise<void> {
  await publishDueNotices(deps);
  await deps.written.refresh();
  await deps.ends.apply(announcedEnds(deps.library.list()), deps.clock.nowMs());
}
