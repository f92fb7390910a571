import { posix } from 'node:path';

import { z } from 'zod';

import { type FileProblem, readFrontMatter } from '../platform/front-matter.ts';
import { MARKDOWN_MAX_LENGTH } from '../platform/markdown-limit.ts';
import { renderMarkdown } from '../platform/markdown.ts';
import type { Guide } from './guide.ts';
import { settingsTable } from './settings-guide.ts';

export type GuideFileResult =
  { ok: true; guide: Guide; problems: readonly FileProblem[] } | { ok: false; problems: readonly FileProblem[] };

/** Gives the text of a file by its path below `content/guides/`; null when there is none. */
export type ReadIncluded = (path: string) => string | null;

const PATH = /^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*\.md$/;

const SETTINGS_MARKER = /^<!-- settings -->$/m;

const text = (maxLength: number) =>
  z
    .string('is missing or not text')
    .trim()
    .min(1, 'must not be empty')
    .max(maxLength, `must have at most ${maxLength} characters`);

const frontMatter = z.strictObject({
  title: text(80),
  summary: text(200),
  section: text(40),
  position: z.int('must be a whole number'),
});

/**
 * Reads one file of `content/guides/`. A fenced block with an info string such as `nginx file=nginx.conf` shows
 * that file, named relative to the guide, so that what people copy is what the tests run.
 */
export function parseGuideFile(path: string, fileText: string, readIncluded: ReadIncluded): GuideFileResult {
  if (!PATH.test(path))
    return { ok: false, problems: [{ line: null, reason: 'must be named in lower case, with hyphens between words' }] };
  const read = readFrontMatter(fileText, frontMatter);
  if (!read.ok) return read;
  const source = read.body.replace(SETTINGS_MARKER, settingsTable);
  if (source.length > MARKDOWN_MAX_LENGTH) {
    return { ok: false, problems: [{ line: null, reason: `has more than ${MARKDOWN_MAX_LENGTH} characters of text` }] };
  }
  const problems: FileProblem[] = [];
  const { html, headings } = renderMarkdown(source, {
    codeFor: (infoString) => {
      const name = /(?:^|\s)file=(\S+)/.exec(infoString)?.[1];
      if (name === undefined) return null;
      const included = readIncluded(posix.join(posix.dirname(path), name));
      if (included === null)
        problems.push({
          line: lineOf(fileText, `file=${name}`),
          reason: `shows ${name}, which is not a file of content/guides`,
        });
      return included;
    },
  });
  const secondLevel = headings
    .filter(({ level }) => level === 2)
    .map(({ id, text: heading }) => ({ id, text: heading }));
  return {
    ok: true,
    guide: { slug: path.slice(0, -'.md'.length), ...read.value, html, headings: secondLevel },
    problems,
  };
}

function lineOf(fileText: string, part: string): number {
  return fileText.slice(0, fileText.indexOf(part)).split('\n').length;
}
