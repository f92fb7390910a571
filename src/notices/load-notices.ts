import type { ContentFile } from '../platform/content-folder.ts';
import type { Notice, NoticeProblem } from './notice.ts';
import { parseNoticeFile } from './notice-file.ts';

export interface LoadedNotices {
  /** Newest first, future ones included. */
  notices: readonly Notice[];
  problems: readonly NoticeProblem[];
}

/** Reads every Markdown file directly in the folder; a broken one becomes a problem and the rest loads. */
export function loadNotices(files: readonly ContentFile[]): LoadedNotices {
  const notices: Notice[] = [];
  const problems: NoticeProblem[] = [];
  for (const file of files.filter(({ path }) => /^[^/]+\.md$/.test(path))) {
    const content = file.read();
    const parsed = content.ok
      ? parseNoticeFile(file.path, content.text)
      : { ok: false as const, problems: [{ line: null, reason: content.reason }] };
    if (parsed.ok) notices.push(parsed.notice);
    else problems.push(...parsed.problems.map((problem) => ({ file: `notices/${file.path}`, ...problem })));
  }
  notices.sort(newestFirst);
  return { notices, problems };
}

export function newestFirst(a: Notice, b: Notice): number {
  return b.publishedAtMs - a.publishedAtMs || (a.slug < b.slug ? -1 : 1);
}
