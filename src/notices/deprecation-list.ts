import type { Notice } from './notice.ts';

/** All deprecations for programs: the dates that answers carry as `Deprecation` (RFC 9745) and `Sunset` (RFC 8594). */
export function deprecationList(notices: readonly Notice[], publicUrl: string) {
  return {
    deprecations: notices
      .filter((notice) => notice.kind === 'deprecation')
      .map(({ slug, title, affects, deprecatedAtMs, sunsetAtMs, replacement }) => ({
        slug,
        title,
        url: `${publicUrl}/notices/${slug}`,
        deprecatedAt: new Date(deprecatedAtMs).toISOString(),
        sunsetAt: new Date(sunsetAtMs).toISOString(),
        affects,
        replacement: replacement === null ? null : new URL(replacement, publicUrl).href,
      })),
  };
}
