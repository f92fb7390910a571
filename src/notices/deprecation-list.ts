import type { Affected, Notice } from './notice.ts';

/** All deprecations for programs: the dates that answers carry as `Deprecation` (RFC 9745) and `Sunset` (RFC 8594). */
export function deprecationList(notices: readonly Notice[], publicUrl: string) {
  return {
    deprecations: notices
      .filter((notice) => notice.kind === 'deprecation')
      .map(({ slug, title, affects, deprecatedAtMs, sunsetAtMs, replacement, guide }) => ({
        slug,
        title,
        url: `${publicUrl}/notices/${slug}`,
        deprecatedAt: new Date(deprecatedAtMs).toISOString(),
        sunsetAt: new Date(sunsetAtMs).toISOString(),
        affects: affects.map(publicPart),
        replacement: absolute(replacement, publicUrl),
        guide: absolute(guide, publicUrl),
      })),
  };
}

/** What everybody may know of whom it concerns: not which keys. */
export function publicPart({ api, versions, operations, plans = [] }: Affected) {
  return { api, versions, operations, ...(plans.length > 0 && { plans }) };
}

function absolute(href: string | null, publicUrl: string): string | null {
  return href === null ? null : new URL(href, publicUrl).href;
}
