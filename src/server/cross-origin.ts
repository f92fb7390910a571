import type { IncomingHttpHeaders } from 'node:http';

const SAFE_METHODS = new Set(['GET', 'HEAD']);

/** Mail programs post here by themselves (RFC 8058): the link says who, and no session counts. */
const ONE_CLICK_PATH = '/notices/unsubscription';

/**
 * True for an unsafe request that a page of ours did not make (yardstick A4). Browsers send Sec-Fetch-Site and forbid
 * scripts to set it; where it is missing, Origin must be ours. A request with neither is refused as well, whatever its
 * content type: that is what separates this check from the framework's.
 *
 * Under `/api/` there are no cookies, so programs may come without either; a browser on a foreign page may not. The
 * same holds for the one-click link of mails.
 */
export function isCrossOrigin(
  method: string,
  path: string,
  headers: IncomingHttpHeaders,
  publicOrigin: string,
): boolean {
  if (SAFE_METHODS.has(method)) return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin';
  if (headers.origin !== undefined) return headers.origin !== publicOrigin;
  return !isApiPath(path) && path !== ONE_CLICK_PATH;
}

/** The management API: authenticated by token only, answered with JSON only. */
export function isApiPath(path: string): boolean {
  return path === '/api' || path.startsWith('/api/');
}
