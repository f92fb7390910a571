import { z } from 'zod';

import type { Api } from '../../catalog/api.ts';
import type { Notice } from '../../notices/notice.ts';
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
  z.record(z.string(), z.unknown()).meta({ description: 'An OpenAPI 3.1 document.' }),
);

const noticeMembers = {
  slug: z.string().meta({ examples: ['2026-09-15-tls-1-2-required'] }),
  kind: z.enum(['advisory', 'deprecation']),
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
    }),
  ),
  severity: z.enum(['critical', 'high', 'medium', 'low']).optional().meta({ description: 'Of an advisory.' }),
  fixedIn: z.string().nullable().optional().meta({ description: 'Of an advisory; null while there is no fix.' }),
  ids: z.array(z.string()).optional().meta({ description: 'Of an advisory, such as CVE-2026-12345.' }),
  deprecatedAt: time().optional().meta({ description: 'Of a deprecation.' }),
  sunsetAt: time().optional().meta({ description: 'Of a deprecation.' }),
  replacement: z.string().nullable().optional().meta({ description: 'Of a deprecation; what to move to.' }),
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
    affects,
    ...(notice.kind === 'advisory'
      ? { severity: notice.severity, fixedIn: notice.fixedIn, ids: notice.ids }
      : {
          deprecatedAt: timeText(notice.deprecatedAtMs),
          sunsetAt: timeText(notice.sunsetAtMs),
          replacement: notice.replacement,
        }),
  };
}
