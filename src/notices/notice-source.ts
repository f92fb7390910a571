import type { Notice } from './notice.ts';

/** Notices from elsewhere than files. Reading is immediate: pages and feeds do not wait for it. */
export interface NoticeSource {
  /** As last read; published ones, and those that are to be published at a time that is set. */
  notices(): readonly Notice[];
  /** Taken back after publication: readers who follow a link learn that, and why. */
  withdrawn(): readonly WithdrawnNotice[];
}

export interface WithdrawnNotice {
  notice: Notice;
  atMs: number;
  reason: string;
}

export const NO_SOURCE: NoticeSource = { notices: () => [], withdrawn: () => [] };
