import type { Notice } from '../notices/notice.ts';
import type { NoticeSource, WithdrawnNotice } from '../notices/notice-source.ts';
import { toNotice } from '../notices/to-notice.ts';
import { type NoticeDraft, type WrittenNotice, newestVersion } from './written-notice.ts';
import type { WrittenNoticeStore } from './written-notice-store.ts';

export interface WrittenNotices extends NoticeSource {
  /** Looks for what has changed since: at once after a change in this process, every few seconds for the others. */
  refresh(): Promise<void>;
}

interface Loaded {
  notices: readonly Notice[];
  withdrawn: readonly WithdrawnNotice[];
}

/** What owners have written, in memory as readers see it: lists, feeds and banners wait for no database. */
export function createWrittenNotices(store: Pick<WrittenNoticeStore, 'list' | 'fingerprint'>): WrittenNotices {
  let seen = '';
  let loaded: Loaded = { notices: [], withdrawn: [] };
  let rendered = new Map<string, Notice>();
  return {
    notices: () => loaded.notices,
    withdrawn: () => loaded.withdrawn,
    async refresh() {
      const fingerprint = await store.fingerprint();
      if (fingerprint === seen) return;
      const kept = new Map<string, Notice>();
      const all = (await store.list()).flatMap((written) => {
        const name = `${written.id} ${written.revision}`;
        const notice = rendered.get(name) ?? readersNotice(written);
        if (notice) kept.set(name, notice);
        return notice ? [{ written, notice }] : [];
      });
      rendered = kept;
      loaded = {
        notices: all.flatMap(({ written, notice }) => (written.withdrawal === null ? [notice] : [])),
        withdrawn: all.flatMap(({ written: { withdrawal }, notice }) =>
          withdrawal ? [{ ...withdrawal, notice }] : [],
        ),
      };
      // Read before the list: what changes in between is looked for again.
      seen = fingerprint;
    },
  };
}

/** As readers see it, or will at its time; null for a draft. */
function readersNotice(written: WrittenNotice): Notice | null {
  const { slug, state, publishedAtMs, draft } = written;
  if (slug === null || publishedAtMs === null || state === 'draft') return null;
  return noticeOf(written, newestVersion(written)?.draft ?? draft, slug, publishedAtMs);
}

/** What would be read if this were published now. */
export function previewOf(written: WrittenNotice, nowMs: number): Notice {
  return noticeOf(written, written.draft, written.slug ?? written.id, written.publishedAtMs ?? nowMs);
}

/** A draft that is not kept anywhere yet. */
export function noticeOfDraft({ fields, text }: NoticeDraft, nowMs: number): Notice {
  return toNotice('draft', { ...fields, published: timeText(nowMs), corrections: [] }, text);
}

function noticeOf(written: WrittenNotice, { fields, text }: NoticeDraft, slug: string, publishedAtMs: number): Notice {
  const corrections = written.versions
    .filter(({ cause }) => cause === 'correction')
    .map(({ atMs, reason }) => ({ at: timeText(atMs), reason }));
  const told = written.toldAtMs === null ? {} : { updated: timeText(written.toldAtMs) };
  const notice = toNotice(slug, { ...fields, published: timeText(publishedAtMs), ...told, corrections }, text);
  if (notice.kind !== 'incident') return notice;
  // That a correction moves an entry is no news.
  const tellings = written.versions.filter(({ isTold }) => isTold).map(({ atMs }) => atMs);
  return { ...notice, tellings: tellings.length === 0 ? [publishedAtMs] : tellings };
}

function timeText(atMs: number): string {
  return new Date(atMs).toISOString();
}
