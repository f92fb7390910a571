import { z } from 'zod';

import { type FileProblem, readFrontMatter } from '../platform/front-matter.ts';
import { linkKind } from '../platform/link.ts';
import { MARKDOWN_MAX_LENGTH, renderMarkdown } from '../platform/markdown.ts';
import type { Advisory, Notice, Weakness } from './notice.ts';

export type NoticeFileResult = { ok: true; notice: Notice } | { ok: false; problems: readonly FileProblem[] };

const FILE_NAME = /^(\d{4}-\d{2}-\d{2})-[a-z0-9]+(?:-[a-z0-9]+)*\.md$/;

/** Base metrics of 3.1 in the order of the standard; of 4.0 all, whose score is computed by the reader. */
const CVSS =
  /^CVSS:(?:3\.1\/AV:[NALP]\/AC:[LH]\/PR:[NLH]\/UI:[NR]\/S:[UC]\/C:[NLH]\/I:[NLH]\/A:[NLH]|4\.0(?:\/[A-Z]{1,3}:[A-Z][a-z]*){11,32})$/;
const CWE = /^(CWE-[1-9]\d{0,5}): (\S.{0,200})$/;

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
          operations: z.array(text(100), 'must be a list').default([]),
        },
        'must name an api, and versions and operations if not all are affected',
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
  cvss: z
    .string('must be text')
    .regex(CVSS, 'must be a CVSS 3.1 or 4.0 vector such as CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N')
    .optional(),
  cwe: z
    .string('must be text')
    .regex(CWE, 'must be number and name, such as "CWE-340: Generation of Predictable Numbers or Identifiers"')
    .optional(),
  workaround: text(1000).optional(),
  credit: z.array(text(100), 'must be a list of names').default([]),
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

type BaseField = 'slug' | 'title' | 'summary' | 'publishedAtMs' | 'updatedAtMs' | 'affects' | 'html';

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
  if (fields.kind === 'advisory') return { ...base, ...toAdvisory(fields) };
  return {
    ...base,
    kind: 'deprecation',
    deprecatedAtMs: fields.deprecated,
    sunsetAtMs: fields.sunset,
    replacement: fields.replacement ?? null,
  };
}

function toAdvisory(fields: z.output<typeof advisory>): Omit<Advisory, BaseField> {
  return {
    kind: 'advisory',
    severity: fields.severity,
    fixedIn: fields.fixed_in ?? null,
    ids: fields.ids,
    cvss: fields.cvss ?? null,
    weakness: toWeakness(fields.cwe),
    workaround: fields.workaround ?? null,
    credit: fields.credit,
  };
}

function toWeakness(text: string | undefined): Weakness | null {
  const [, id, name] = CWE.exec(text ?? '') ?? [];
  return id !== undefined && name !== undefined ? { id, name } : null;
}
