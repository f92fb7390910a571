import { type FileProblem, readFrontMatter } from '../platform/front-matter.ts';
import { MARKDOWN_MAX_LENGTH } from '../platform/markdown-limit.ts';
import type { Notice } from './notice.ts';
import { fileFields } from './notice-fields.ts';
import { toNotice } from './to-notice.ts';

export type NoticeFileResult = { ok: true; notice: Notice } | { ok: false; problems: readonly FileProblem[] };

const FILE_NAME = /^(\d{4}-\d{2}-\d{2})-[a-z0-9]+(?:-[a-z0-9]+)*\.md$/;

/** Reads one file of `content/notices/`; `fileName` is `<yyyy-mm-dd>-<slug>.md` with the day of publication. */
export function parseNoticeFile(fileName: string, fileText: string): NoticeFileResult {
  const day = FILE_NAME.exec(fileName)?.[1];
  if (day === undefined) return problem(null, 'must be named <yyyy-mm-dd>-<words-with-hyphens>.md, in lower case');
  const read = readFrontMatter(fileText, fileFields);
  if (!read.ok) return read;
  const publishedOn = new Date(read.value.published).toISOString().slice(0, 10);
  if (publishedOn !== day)
    return problem(null, `is named ${day} but published ${publishedOn} (UTC); make the two agree`);
  if (read.body.length > MARKDOWN_MAX_LENGTH)
    return problem(null, `has more than ${MARKDOWN_MAX_LENGTH} characters of text`);
  return { ok: true, notice: toNotice(fileName.slice(0, -'.md'.length), read.value, read.body) };
}

function problem(line: number | null, reason: string): NoticeFileResult {
  return { ok: false, problems: [{ line, reason }] };
}
