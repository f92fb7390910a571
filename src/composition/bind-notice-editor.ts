import type { DifferenceLibrary } from '../difference/difference-library.ts';
import { correctNotice, updateIncident, withdrawNotice } from '../editor/correct-notice.ts';
import { approveNotice, discardNotice, draftNotice, redraftNotice } from '../editor/draft-notice.ts';
import { draftFromDifference } from '../editor/draft-from-difference.ts';
import { keepReadersCurrent } from '../editor/keep-readers-current.ts';
import { historyOf, plainHistoryOf } from '../editor/notice-history.ts';
import { publishNotice, takeBackNotice } from '../editor/publish-notice.ts';
import { listWrittenNotices, viewWrittenNotice } from '../editor/read-written-notices.ts';
import { draftDifference } from '../editor/word-difference.ts';
import { noticeOfDraft } from '../editor/written-notices.ts';
import type { NoticeParts } from './bind-notices.ts';
import type { Foundation } from './foundation.ts';
import type { PortalNoticeEditor } from '../portal/portal-notice-editor.ts';

export function bindNoticeEditor(
  { random }: Foundation,
  notices: NoticeParts,
  differences: DifferenceLibrary,
): PortalNoticeEditor {
  const deps = { ...notices, ...notices.editor, differences, random };
  const { store, clock } = deps;
  /** Readers see at once what an owner did. */
  const shown = async <Result>(done: Promise<Result>): Promise<Result> => {
    const result = await done;
    await keepReadersCurrent(deps);
    return result;
  };
  return {
    list: (actor) => listWrittenNotices(deps, actor),
    view: (actor, noticeId) => viewWrittenNotice(deps, actor, noticeId),
    preview: (draft) => noticeOfDraft(draft, clock.nowMs()),
    difference: draftDifference,
    draft: (actor, draft) => draftNotice(deps, actor, draft),
    draftFromDifference: (actor, request) => draftFromDifference(deps, actor, request),
    redraft: (actor, noticeId, request) => redraftNotice(deps, actor, noticeId, request),
    approve: (actor, noticeId, revision) => approveNotice(deps, actor, noticeId, revision),
    discard: (actor, noticeId, revision) => discardNotice(deps, actor, noticeId, revision),
    publish: (actor, noticeId, request) => shown(publishNotice(deps, actor, noticeId, request)),
    takeBack: (actor, noticeId, revision) => shown(takeBackNotice(deps, actor, noticeId, revision)),
    correct: (actor, noticeId, request) => shown(correctNotice(deps, actor, noticeId, request)),
    update: (actor, noticeId, request) => shown(updateIncident(deps, actor, noticeId, request)),
    withdraw: (actor, noticeId, request) => shown(withdrawNotice(deps, actor, noticeId, request)),
    async history(slug) {
      const notice = deps.library.find(slug) ?? deps.library.findWithdrawn(slug)?.notice;
      if (!notice) return null;
      const written = await store.findBySlug(slug);
      return written ? historyOf(written) : plainHistoryOf(notice);
    },
  };
}
