import type { IncomingMessage, ServerResponse } from 'node:http';

import { methodsForPages } from './call-methods.ts';

/** Headers of an answer that a page of the portal may read. */
const EXPOSED =
  'RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, Deprecation, Sunset, Link, Gatehouse-Key-Expires, ' +
  'Gatehouse-Policy-Warning, Location';
const PREFLIGHT_SECONDS = '600';

/** Lets pages of the portal, and no others, read the answer; a flat list of names and values. */
export function corsHeaders(request: IncomingMessage, publicUrl: string): string[] {
  if (request.headers.origin !== publicUrl) return [];
  return ['Access-Control-Allow-Origin', publicUrl, 'Access-Control-Expose-Headers', EXPOSED, 'Vary', 'Origin'];
}

/** A browser that asks, for a page of the portal, whether it may make a call. It carries no key and reaches no upstream. */
export function isPreflight({ method, headers }: IncomingMessage, publicUrl: string): boolean {
  return method === 'OPTIONS' && headers.origin === publicUrl && headers['access-control-request-method'] !== undefined;
}

export function writePreflight(request: IncomingMessage, response: ServerResponse, publicUrl: string): void {
  const asked = request.headers['access-control-request-headers'] ?? '';
  const allowedHeaders = asked.split(',').filter((name) => /^\s*[\w-]{1,64}\s*$/.test(name));
  response.writeHead(204, [
    'Access-Control-Allow-Origin',
    publicUrl,
    'Access-Control-Allow-Methods',
    methodsForPages(request.headers['access-control-request-method'] ?? ''),
    'Access-Control-Allow-Headers',
    allowedHeaders.join(','),
    'Access-Control-Max-Age',
    PREFLIGHT_SECONDS,
    'Vary',
    'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
  ]);
  response.end();
}
