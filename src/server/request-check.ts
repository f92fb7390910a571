import type { IncomingMessage } from 'node:http';

import type { Config } from '../settings/config.ts';
import { bodyLimitAt } from './body-limit.ts';
import { isCrossOrigin } from './cross-origin.ts';
import { createHostCheck } from './host-check.ts';
import { ALLOWED_METHODS, type RefusalCode, methodsAt } from './refusals.ts';
import { readPath } from './request-path.ts';

export type RequestCheck = { ok: true; path: string } | { ok: false; code: RefusalCode };

const MAX_HEADERS = 100;

/** Two of these would let a proxy and the portal act on different values (yardstick A26). */
const SINGLE_HEADERS = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'expect',
  'host',
  'origin',
  'sec-fetch-site',
  'transfer-encoding',
  'x-api-key',
]);

/** First segments that the framework answers by itself: image service, actions, server islands. Ours never start so. */
const FRAMEWORK_PREFIX = '/_';

/** Pages that the framework renders in place of others; they are nowhere by themselves. */
const ERROR_PAGES = /^\/(404|500)\/?$/;

/** All that can be said about a request before its body is read, in the order of design section 2. */
export function createRequestCheck({
  publicUrl,
  documentMaxBytes,
}: Pick<Config, 'publicUrl' | 'documentMaxBytes'>): (request: IncomingMessage) => RequestCheck {
  const checkHost = createHostCheck(publicUrl);
  const publicOrigin = new URL(publicUrl).origin;
  return (request) => {
    const { headers, rawHeaders, method = '', url = '' } = request;
    if (!ALLOWED_METHODS.includes(method)) return refuse('method_not_allowed');
    if (rawHeaders.length > 2 * MAX_HEADERS) return refuse('headers_too_large');
    if (hasDuplicates(rawHeaders)) return refuse('duplicate_header');
    const host = checkHost(headers.host, request.socket.localPort ?? 0);
    if (host !== 'ours') return refuse(host === 'malformed' ? 'bad_request' : 'misdirected_request');
    const path = readPath(url);
    if (path === null) return refuse('bad_request');
    if (path.startsWith(FRAMEWORK_PREFIX)) return refuse('not_found');
    if (headers['content-encoding'] !== undefined) return refuse('unsupported_content_encoding');
    if (Number(headers['content-length'] ?? 0) > bodyLimitAt(path, documentMaxBytes))
      return refuse('content_too_large');
    if (isCrossOrigin(method, path, headers, publicOrigin)) return refuse('cross_origin');
    if (!methodsAt(path).includes(method)) return refuse('method_not_allowed');
    if (ERROR_PAGES.test(path)) return refuse('not_found');
    return { ok: true, path };
  };
}

function refuse(code: RefusalCode): RequestCheck {
  return { ok: false, code };
}

function hasDuplicates(rawHeaders: readonly string[]): boolean {
  const seen = new Set<string>();
  return rawHeaders.some((rawName, index) => {
    const name = rawName.toLowerCase();
    if (index % 2 === 1 || !SINGLE_HEADERS.has(name)) return false;
    if (seen.has(name)) return true;
    seen.add(name);
    return false;
  });
}
