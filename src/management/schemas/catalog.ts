import { z } from 'zod';

import type { Api } from '../../catalog/api.ts';
import { publicPart } from '../../notices/deprecation-list.ts';
import { INCIDENT_STATUSES, NOTICE_KINDS, type Notice, SEVERITIES } from '../../notices/notice.ts';
import { describeLimits, planLimits } from './limits.ts';
import { answerSchema, maybeTime, maybeTimeText, time, timeText } from './registry.ts';

export const apiSchema = answerSchema(
  'Api',
  z.object({
    slug: z.string().meta({ examples: ['parcels'] }),
    title: z.string().meta({ examples: ['Parcels'] }),
    summary: z.string(),
    versions: z
      .array(
        z.object({
          version: z.string().meta({ examples: ['v2'] }),
          lifecycle: z.enum(['active', 'deprecated', 'retired']),
          deprecatedAt: maybeTime(),
          sunsetAt: maybeTime(),
          documentVersion: z.string().meta({ examples: ['2.4.0'] }),
          operationCount: z.int(),
          documentUrl: z.url(),
        }),
      )
      .meta({ description: 'Newest first.' }),
    plans: z.array(
      z.object({
        slug: z.string().meta({ examples: ['free'] }),
        title: z.string(),
        summary: z.string(),
        scopes: z.array(z.string()).meta({ examples: [['parcels:read']] }),
        ...planLimits,
      }),
    ),
  }),
);

export const apiListSchema = answerSchema('ApiList', z.object({ apis: z.array(apiSchema) }));

/** An OpenAPI document is described by its own specification. */
export const openApiDocumentSchema = answerSchema(
  'OpenApiDocument',
  z.record(z.string(), z.unknown()).meta({ description: 'An OpenAPI 3.1 or 3.2 document.' }),
);

const noticeMembers = {
  slug: z.string().meta({ examples: ['2026-09-15-tls-1-2-required'] }),
  kind: z.enum(NOTICE_KINDS),
  title: z.string(),
  summary: z.string(),
  url: z.url().meta({ description: 'Page for people.' }),
  publishedAt: time(),
  updatedAt: maybeTime(),
  affects: z.array(
    z.object({
      api: z.string().meta({ examples: ['parcels'] }),
      versions: z.array(z.string()).meta({ description: 'None means all.' }),
      operations: z.array(z.string()).meta({ description: 'Operation ids; none means all.' }),
      plans: z.array(z.string()).optional().meta({ description: 'Slugs of plans; absent means all.' }),
    }),
  ),
  severity: z.enum(SEVERITIES).optional().meta({ description: 'Of an advisory.' }),
  fixedIn: z.string().nullable().optional().meta({ description: 'Of an advisory; null while there is no fix.' }),
  ids: z.array(z.string()).optional().meta({ description: 'Of an advisory, such as CVE-2026-12345.' }),
  deprecatedAt: time().optional().meta({ description: 'Of a deprecation.' }),
  sunsetAt: time().optional().meta({ description: 'Of a deprecation.' }),
  replacement: z.string().nullable().optional().meta({ description: 'Of a deprecation; what to move to.' }),
  guide: z.string().nullable().optional().meta({ description: 'Of a deprecation; how to move.' }),
  cvss: z
    .object({ vector: z.string(), score: z.number(), severity: z.string() })
    .nullable()
    .optional()
    .meta({ description: 'Of an advisory; CVSS 3.1 or 4.0.' }),
  effectiveAt: maybeTime().optional().meta({ description: 'Of a change.' }),
  startedAt: time().optional().meta({ description: 'Of an incident.' }),
  timeline: z
    .array(z.object({ at: time(), status: z.enum(INCIDENT_STATUSES), text: z.string() }))
    .optional()
    .meta({ description: 'Of an incident; oldest first.' }),
  corrections: z.array(z.object({ at: time(), reason: z.string() })).meta({ description: 'Newest first.' }),
};

export const noticeSchema = answerSchema('Notice', z.object(noticeMembers));

export const noticeWithTextSchema = answerSchema(
  'NoticeWithText',
  z.object({ ...noticeMembers, html: z.string().meta({ description: 'The text as HTML, sanitised.' }) }),
);

export const noticeListSchema = answerSchema('NoticeList', z.object({ notices: z.array(noticeSchema) }));

export function describeApi({ slug, title, summary, versions, plans }: Api, publicUrl: string) {
  return {
    slug,
    title,
    summary,
    versions: versions.map((version) => ({
      version: version.version,
      lifecycle: version.lifecycle,
      deprecatedAt: maybeTimeText(version.deprecatedAtMs),
      sunsetAt: maybeTimeText(version.sunsetAtMs),
      documentVersion: version.documentVersion,
      operationCount: version.operationCount,
      documentUrl: `${publicUrl}/api/v1/apis/${slug}/versions/${version.version}/openapi.json`,
    })),
    plans: plans.map((plan) => ({
      slug: plan.slug,
      title: plan.title,
      summary: plan.summary,
      scopes: plan.scopes,
      ...describeLimits(plan.limits),
    })),
  };
}

/** A notice without its text. */
export function describeNotice(notice: Notice, publicUrl: string) {
  const { slug, kind, title, summary, publishedAtMs, updatedAtMs, affects } = notice;
  return {
    slug,
    kind,
    title,
    summary,
    url: `${publicUrl}/notices/${slug}`,
    publishedAt: timeText(publishedAtMs),
    updatedAt: maybeTimeText(updatedAtMs),
    affects: affects.map(publicPart),
    corrections: notice.corrections.map(({ atMs, reason }) => ({ at: timeText(atMs), reason })),
    ...ownMembers(notice),
  };
}

function ownMembers(notice: Notice) {
  switch (notice.kind) {
    case 'advisory': {
      const { severity, fixedIn, ids, cvss } = notice;
      const score = cvss && { vector: cvss.vectorString, score: cvss.baseScore, severity: cvss.baseSeverity };
      return { severity, fixedIn, ids, cvss: score };
    }
    case 'deprecation': {
      const { deprecatedAtMs, sunsetAtMs, replacement, guide } = notice;
      return { deprecatedAt: timeText(deprecatedAtMs), sunsetAt: timeText(sunsetAtMs), replacement, guide };
    }
    case 'change':
      return { effectiveAt: maybeTimeText(notice.effectiveAtMs) };
    case 'incident': {
      const timeline = notice.timeline.map(({ atMs, status, text }) => ({ at: timeText(atMs), status, text }));
      return { startedAt: timeText(notice.startedAtMs), timeline };
    }
  }
}
