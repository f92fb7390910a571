import type { IncomingMessage, ServerResponse } from 'node:http';

import compression from 'compression';

/** Cookies that say nothing about a person. */
const HARMLESS_COOKIE = /^(?:(?:theme|sample_language)=[a-z]*|(?:__Host-)?gatehouse-device=[\w.-]*)$/;
const MIN_BYTES = 1024;

/** Prepares one answer: what is written to it leaves compressed if it may and the reader takes it. */
export type Compress = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Compresses what pages write for people who are not signed in. The length of a compressed answer tells what is inside
 * when somebody else can add to the page and watch (BREACH, 2013); so an answer that may hold a secret, because the
 * request carried a cookie, a token or a form, leaves as it is.
 */
export function createCompression(): Compress {
  const compress = compression({
    threshold: MIN_BYTES,
    filter: (request, response) => {
      if (!isAnonymousRead(request) || !compression.filter(request, response)) return false;
      weakenTag(response);
      return true;
    },
  });
  return (request, response) => {
    // Its types are Express's; it uses what node:http has.
    compress(request as Parameters<typeof compress>[0], response as Parameters<typeof compress>[1], () => undefined);
  };
}

export function isAnonymousRead({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  if (headers.authorization !== undefined) return false;
  const cookies = headers.cookie?.split(';').map((cookie) => cookie.trim()) ?? [];
  return cookies.every((cookie) => HARMLESS_COOKIE.test(cookie));
}

/** One page, two codings: they are the same in meaning, not byte by byte (RFC 9110, 8.8.1). */
function weakenTag(response: ServerResponse): void {
  const tag = response.getHeader('ETag');
  if (typeof tag === 'string' && tag.startsWith('"')) response.setHeader('ETag', `W/${tag}`);
}
