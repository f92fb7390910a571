import { createAnnouncedEndStore } from '../catalog/announced-end-store.ts';
import { createNoticeReleaseStore } from '../editor/notice-release-store.ts';
import { createWrittenNoticeStore } from '../editor/written-notice-store.ts';
import { createWrittenNotices } from '../editor/written-notices.ts';
import type { Foundation } from './foundation.ts';

/** What the notices' library needs of the editor. */
export function createEditorParts({ config, databases }: Foundation) {
  const store = createWrittenNoticeStore(databases.portal);
  return {
    store,
    written: createWrittenNotices(store),
    releases: createNoticeReleaseStore(databases.portal),
    ends: createAnnouncedEndStore(databases.portal),
    needsReview: config.noticeReview,
  };
}
