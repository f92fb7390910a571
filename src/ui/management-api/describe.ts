import type { Api } from '../../catalog/api.ts';
import type { KeyDescription } from '../../composition/portal.ts';
import type { Notice } from '../../notices/notice.ts';

/** An API as `content/apis/gatehouse/v1/openapi.yaml` documents it. */
export function describeApi({ slug, title, summary, versions, plans }: Api, publicUrl: string) {
  return {
    slug,
    title,
    summary,
    versions: versions.map((version) => ({
      version: version.version,
      lifecycle: version.lifecycle,
      deprecatedAt: time(version.deprecatedAtMs),
      sunsetAt: time(version.sunsetAtMs),
      documentVersion: version.documentVersion,
      operationCount: version.operationCount,
      documentUrl: `${publicUrl}/api/v1/apis/${slug}/versions/${version.version}/openapi.json`,
    })),
    plans: plans.map((plan) => ({
      slug: plan.slug,
      title: plan.title,
      summary: plan.summary,
      scopes: plan.scopes,
      rateLimit: { calls: plan.rateLimit, perSeconds: plan.rateWindowSeconds },
      quota: { calls: plan.quota, per: plan.quotaPeriod },
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
    publishedAt: time(publishedAtMs),
    updatedAt: time(updatedAtMs),
    affects,
    ...(notice.kind === 'advisory'
      ? { severity: notice.severity, fixedIn: notice.fixedIn, ids: notice.ids }
      : {
          deprecatedAt: time(notice.deprecatedAtMs),
          sunsetAt: time(notice.sunsetAtMs),
          replacement: notice.replacement,
        }),
  };
}

/** A key and what is left of its quotas; nothing of the secret but what its page shows. */
export function describeKey({ key, application, usage }: KeyDescription) {
  return {
    id: key.id,
    name: key.name,
    environment: key.environment,
    firstFour: key.firstFour,
    lastFour: key.lastFour,
    allowlist: key.allowlist,
    createdAt: time(key.createdAtMs),
    expiresAt: time(key.expiresAtMs),
    application: { id: application.id, name: application.name },
    quotas: usage.quotas.map((quota) => ({
      api: quota.apiSlug,
      plan: quota.planSlug,
      used: quota.used,
      limit: quota.limit,
      resetAt: time(quota.resetAtMs),
      rateLimit: { calls: quota.rateLimit, perSeconds: quota.rateWindowSeconds },
    })),
  };
}

function time(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
