import type { IncomingMessage } from 'node:http';

/**
 * The pages of the documentation for guests. Thousands read what is written once a week, and a page from memory is there
 * 20 ms sooner. Whoever has a cookie or a token is no guest.
 * @returns everything of the request that the page depends on, or null
 */
export function guestPageName(request: IncomingMessage): string | null {
  if (!isGuestPage(request)) return null;
  const { url = '', headers } = request;
  return [headers['accept-encoding'] ?? '', isFirstPage(request) ? 'first' : 'further', url].join(' ');
}

/**
 * Whether a guest comes from another site: by a deep link in a forum, in what a search engine found, in a mail. Browsers
 * say so in `Sec-Fetch-Site`, which no script can write.
 */
export function isFirstPage(request: IncomingMessage): boolean {
  return isGuestPage(request) && request.headers['sec-fetch-site'] === 'cross-site';
}

function isGuestPage({ method, url = '', headers }: IncomingMessage): boolean {
  if (method !== 'GET' || headers.cookie !== undefined || headers.authorization !== undefined) return false;
  return /^\/docs\/[^?]+$/.test(url) && !/\.(?:md|json|yaml|xml)$/.test(url);
}
