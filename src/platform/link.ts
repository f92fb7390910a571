/** Where a link leads: into this site, to another site, to a mail program. */
export type LinkKind = 'own' | 'foreign' | 'mail';

/** No real site has this name (RFC 2606), so whatever resolves to it is relative. */
const BASE = 'https://own-site.invalid/folder/page';

/**
 * Judges a link as a browser would: control characters dropped, backslashes read as slashes, `//host` absolute.
 * null for every scheme but http, https and mailto.
 */
export function linkKind(href: string): LinkKind | null {
  const url = URL.parse(href, BASE);
  if (!url) return null;
  if (url.protocol === 'mailto:') return 'mail';
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  // `https:page` and `https://own-site.invalid/` resolve to the base, but neither was written as a relative link.
  if (/^[\s\p{Cc}]*[a-z][a-z0-9+.-]*:/iu.test(href)) return 'foreign';
  return url.host === new URL(BASE).host ? 'own' : 'foreign';
}
