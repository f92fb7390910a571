import { z } from 'zod';

import { type FileProblem, readFrontMatter } from '../platform/front-matter.ts';
import { linkKind } from '../platform/link.ts';
import { MARKDOWN_MAX_LENGTH, renderMarkdown } from '../platform/markdown.ts';
import type { Notice } from './notice.ts';

export type NoticeFileResult = { ok: true; notice: Notice } | { ok: false; problems: readonly FileProblem[] };

const FILE_NAME = /^(\d{4}-\d{2}-\d{2})-[a-z0-9]+(?:-[a-z0-9]+)*\.md$/;

const text = (maxLength: number) =>
  z
    .string('is missing or not text; numbers need quotes')
    .trim()
    .min(1, 'must not be empty')
    .max(maxLength, `must have at most ${maxLength} characters`);

/** A day (its first moment in UTC) or a moment, as milliseconds since the epoch. */
const moment = z
  .union(
    [z.iso.date(), z.iso.datetime()],
    'must be a date such as 2026-11-24, or a moment such as 2026-11-24T09:00:00Z',
  )
  .transform((value) => Date.parse(value));

const replacement = z
  .string('must be text')
  .refine(
    (href) => ['own', 'foreign'].includes(linkKind(href) ?? ''),
    'must be a path such as /docs/parcels/v2, or an http or https URL',
  );

const common = {
  title: text(120),
  summary: text(300),
  published: moment,
  updated: moment.optional(),
  affects: z
    .array(
      z.strictObject(
        {
          api: z.string('must name an API').regex(/^[a-z0-9-]+$/, 'must be the name of an API, as in its address'),
          versions: z.array(text(30), 'must be a list').default([]),
        },
        'must name an api, and versions if not all are affected',
      ),
      'must be a list of APIs',
    )
    .min(1, 'must name at least one API'),
};

const advisory = z.strictObject({
  ...common,
  kind: z.literal('advisory'),
  severity: z.enum(['critical', 'high', 'medium', 'low'], 'must be critical, high, medium or low'),
  fixed_in: text(40).optional(),
  ids: z
    .array(
      z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{2,59}$/, 'must be an id such as CVE-2026-12345'),
      'must be a list of ids',
    )
    .default([]),
});

const deprecation = z.strictObject({
  ...common,
  kind: z.literal('deprecation'),
  deprecated: moment,
  sunset: moment,
  replacement: replacement.optional(),
});

const frontMatter = z
  .discriminatedUnion('kind', [advisory, deprecation], 'must be advisory or deprecation')
  .refine((fields) => fields.updated === undefined || fields.updated >= fields.published, {
    path: ['updated'],
    message: 'must not be earlier than published',
  })
  // RFC 9745, section 4: the sunset must not be earlier than the deprecation.
  .refine((fields) => fields.kind !== 'deprecation' || fields.sunset >= fields.deprecated, {
    path: ['sunset'],
    message: 'must not be earlier than deprecated (RFC 9745)',
  });

/** Reads one file of `content/notices/`; `fileName` is `<yyyy-mm-dd>-<slug>.md` with the day of publication. */
export function parseNoticeFile(fileName: string, fileText: string): NoticeFileResult {
  const day = FILE_NAME.exec(fileName)?.[1];
  if (day === undefined) return problem(null, 'must be named <yyyy-mm-dd>-<words-with-hyphens>.md, in lower case');
  const read = readFrontMatter(fileText, frontMatter);
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

function toNotice(slug: string, fields: z.output<typeof frontMatter>, body: string): Notice {
  const base = {
    slug,
    title: fields.title,
    summary: fields.summary,
    publishedAtMs: fields.published,
    updatedAtMs: fields.updated ?? null,
    affects: fields.affects,
    html: renderMarkdown(body).html,
  };
  return fields.kind === 'advisory'
    ? { ...base, kind: 'advisory', severity: fields.severity, fixedIn: fields.fixed_in ?? null, ids: fields.ids }
    : {
        ...base,
        kind: 'deprecation',
        deprecatedAtMs: fields.deprecated,
        sunsetAtMs: fields.sunset,
        replacement: fields.replacement ?? null,
      };
}
