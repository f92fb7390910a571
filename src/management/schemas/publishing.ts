import { z } from 'zod';

import { type LintReport, LINT_LEVELS, lintCounts } from '../../publishing/lint-report.ts';
import { lintRuleNamed } from '../../publishing/lint-rules.ts';
import type { RevisionReport } from '../../publishing/read-revision.ts';
import { NOTE_MAX_LENGTH, type Revision } from '../../publishing/revision.ts';
import { answerSchema, bodySchema, maybeTime, maybeTimeText, time, timeText } from './registry.ts';

export const versionParams = z.strictObject({
  slug: z.string().meta({ description: 'Slug of the API.', examples: ['parcels'] }),
  version: z.string().meta({ description: 'Line of the API.', examples: ['v2'] }),
});

export const revisionParams = z.strictObject({
  ...versionParams.shape,
  number: z.string().meta({ description: 'Number of the revision.', examples: ['7'] }),
});

export const revisionSchema = answerSchema(
  'Revision',
  z.object({
    number: z.int().meta({ description: 'From 1, within the version.' }),
    state: z
      .enum(['candidate', 'published', 'superseded', 'discarded'])
      .meta({ description: 'A candidate waits for a decision; what is superseded was published before.' }),
    origin: z.enum(['file', 'pushed', 'uploaded', 'pasted']),
    note: z.string(),
    createdBy: z.string(),
    createdAt: time(),
    publishedBy: z.string().nullable(),
    publishedAt: maybeTime(),
    title: z.string(),
    documentVersion: z.string(),
    operations: z.int(),
    sha256: z.string().meta({ description: 'Of the text as it was sent.' }),
    isKept: z.boolean().meta({ description: 'False when the text was forgotten to save space.' }),
    url: z.string().meta({ description: 'The page on which owners decide.' }),
  }),
);

const counts = { errors: z.int(), warnings: z.int(), hints: z.int() };

export const revisionReportSchema = answerSchema(
  'RevisionReport',
  z.object({
    revision: revisionSchema,
    publishedRevision: z.int().meta({ description: 'What readers see now, and what it is compared with; 0 for none.' }),
    lint: z
      .object({
        gaveUp: z.string().nullable().meta({ description: 'Why there are no findings, if the lint could not finish.' }),
        ...counts,
        findings: z.array(
          z.object({
            rule: z.string(),
            level: z.enum(LINT_LEVELS as ['error', 'warning', 'info']),
            title: z.string(),
            why: z.string(),
            owasp: z
              .string()
              .nullable()
              .meta({ description: 'Of the OWASP API Security Top 10 2023, such as `API2`.' }),
            count: z.int(),
            places: z
              .array(z.object({ line: z.int(), column: z.int(), pointer: z.string(), text: z.string() }))
              .meta({ description: 'The first few.' }),
          }),
        ),
      })
      .nullable()
      .meta({ description: '`null` for documents from files.' }),
    changes: z.object({
      state: z.enum(['first', 'same', 'compared', 'too_much', 'not_kept']),
      breaking: z.int(),
      warnings: z.int(),
      others: z.int(),
    }),
    affected: z
      .object({ keys: z.int(), teams: z.int(), calls: z.int() })
      .meta({ description: 'Who called what would break, in the last 30 days.' }),
  }),
);

export const revisionListSchema = answerSchema(
  'RevisionList',
  z.object({
    publishedRevision: z.int(),
    revisions: z.array(revisionSchema).meta({ description: 'Newest first, 200 at most.' }),
  }),
);

export const documentListSchema = answerSchema(
  'DocumentList',
  z.object({
    documents: z.array(
      z.object({
        api: z.string(),
        version: z.string(),
        source: z
          .enum(['nothing', 'file', 'pushed', 'pushed over the file'])
          .meta({ description: 'Where the published document comes from.' }),
        published: revisionSchema.nullable(),
        candidate: revisionSchema.nullable(),
      }),
    ),
  }),
);

export const revisionTextSchema = answerSchema(
  'RevisionText',
  z.object({ format: z.enum(['yaml', 'json']), text: z.string() }),
);

export const publicationBody = bodySchema(
  'Publication',
  z.strictObject({
    publishedRevision: z
      .int('must be a whole number')
      .min(0, 'must be 0 or more')
      .meta({ description: 'What was published when you decided, as the revision told it; 0 for nothing.' }),
    allowBreaking: z
      .boolean('must be true or false')
      .default(false)
      .meta({ description: 'Whether changes that break clients are meant.' }),
    note: z
      .string('must be text')
      .max(NOTE_MAX_LENGTH, `must be ${NOTE_MAX_LENGTH} characters at most`)
      .default('')
      .meta({ description: 'Why, for the audit log.' }),
  }),
);

export const noteQuery = z.strictObject({
  note: z
    .string()
    .max(NOTE_MAX_LENGTH, `note must be ${NOTE_MAX_LENGTH} characters at most.`)
    .optional()
    .meta({ description: 'Why, for the history and the audit log.', examples: ['Adds labels'] }),
});

export function describeRevision(revision: Revision, address: { slug: string; version: string }, publicUrl: string) {
  const { createdAtMs, publishedAtMs, operationCount, sourceSha256, number } = revision;
  const { state, origin, note, createdBy, publishedBy, title, documentVersion, isKept } = revision;
  return {
    ...{ number, state, origin, note, createdBy, createdAt: timeText(createdAtMs) },
    ...{ publishedBy, publishedAt: maybeTimeText(publishedAtMs), title, documentVersion, isKept },
    operations: operationCount,
    sha256: sourceSha256,
    url: `${publicUrl}/owner/apis/${address.slug}/${address.version}/revisions/${number}`,
  };
}

export function describeRevisionReport(
  { revision, version, lint, changes, affected }: RevisionReport,
  publicUrl: string,
) {
  const counted = changes.state === 'compared' ? changes.difference.counts : { error: 0, warning: 0, info: 0 };
  const { keys, teams, calls } = affected;
  return {
    revision: describeRevision(revision, version, publicUrl),
    publishedRevision: version.published?.number ?? 0,
    lint: lint && describeLint(lint),
    changes: { state: changes.state, breaking: counted.error, warnings: counted.warning, others: counted.info },
    affected: { keys, teams, calls },
  };
}

function describeLint(report: LintReport) {
  const { error, warning, info } = lintCounts(report);
  return {
    gaveUp: report.ok ? null : report.reason,
    ...{ errors: error, warnings: warning, hints: info },
    findings: (report.ok ? report.groups : []).map(({ rule, level, count, places }) => {
      const { title, why, owasp } = lintRuleNamed(rule);
      return { rule, level, title, why, owasp: owasp ?? null, count, places };
    }),
  };
}
