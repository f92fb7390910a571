import type { DraftFields } from '../notices/notice-fields.ts';

/** A notice that owners write in the portal. */
export interface WrittenNotice {
  id: string;
  /** Its address below `/notices/`; null for what was never to be published. */
  slug: string | null;
  state: NoticeState;
  /** What is being written; readers see the newest version, once there is one. */
  draft: NoticeDraft;
  /** Rises with every change, so that nobody changes what they have not seen. */
  revision: number;
  /** Accounts that have written since the last publication. */
  authors: readonly string[];
  /** The account that approved the draft as it is now. */
  approvedBy: string | null;
  createdAtMs: number;
  changedAtMs: number;
  /** Account. */
  changedBy: string;
  /** Of a scheduled one: when it is to be. */
  publishedAtMs: number | null;
  /** When a correction was last mailed. */
  toldAtMs: number | null;
  withdrawal: { atMs: number; reason: string } | null;
  /** What was ever public, the oldest first. */
  versions: readonly NoticeVersion[];
}

/** `withdrawn` is the end. */
export type NoticeState = 'draft' | 'scheduled' | 'published' | 'withdrawn';

export interface NoticeDraft {
  fields: DraftFields;
  /** Markdown. */
  text: string;
}

/** `update`: an entry was added to the timeline of an incident. */
export type VersionCause = 'publication' | 'correction' | 'update';

export interface NoticeVersion {
  /** From 1. */
  number: number;
  atMs: number;
  /** Account, or `system` for what was scheduled. */
  accountId: string;
  cause: VersionCause;
  /** Of a correction: what was wrong, for readers. */
  reason: string;
  /** Whether it was mailed. */
  isTold: boolean;
  draft: NoticeDraft;
}

/** What readers see; null before publication. */
export function newestVersion({ versions }: Pick<WrittenNotice, 'versions'>): NoticeVersion | null {
  return versions.at(-1) ?? null;
}

/** Whether something was written that readers do not see yet. */
export function hasUnpublishedChanges(notice: WrittenNotice): boolean {
  const newest = newestVersion(notice);
  return newest !== null && !isSameDraft(newest.draft, notice.draft);
}

export function isSameDraft(one: NoticeDraft, other: NoticeDraft): boolean {
  return one.text === other.text && JSON.stringify(one.fields) === JSON.stringify(other.fields);
}

/** Four eyes: who wrote any of it since the last publication approves nothing. */
export function mayApprove({ authors }: Pick<WrittenNotice, 'authors'>, accountId: string): boolean {
  return !authors.includes(accountId);
}

/** An incident is told of at once: minutes count, and what is added changes nothing that was said. */
export function isOpenIncident({ state, draft: { fields } }: WrittenNotice): boolean {
  return state === 'published' && fields.kind === 'incident';
}

/** "Version 1 ends" on 26 November 2026 -> `2026-11-26-version-1-ends` */
export function slugOf(title: string, publishedAtMs: number): string {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replaceAll(/^-|-$/g, '');
  return `${new Date(publishedAtMs).toISOString().slice(0, 10)}-${words === '' ? 'notice' : words}`;
}
