import { PROBLEM_MEDIA_TYPE, problemBody } from '../platform/problem.ts';
import { entityTag } from './entity-tag.ts';
import type { RateState } from './gate.ts';
import type { AnyOperation, Answer } from './operation.ts';

/** An answer as it is written, and kept for who may ask for it again. */
export interface Written {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** '' when there is none. */
  body: string;
}

/**
 * Writes an answer; `operation` is null where the path is none of ours.
 * @param url of the call, for the link to the next page
 */
export function write(answer: Answer, operation: AnyOperation | null, publicUrl: string, url: URL): Written {
  if ('problem' in answer) {
    return {
      status: answer.problem.status,
      headers: { 'Content-Type': PROBLEM_MEDIA_TYPE, 'Cache-Control': 'no-store', ...answer.headers },
      body: JSON.stringify(problemBody(answer.problem, publicUrl)),
    };
  }
  const { status, body, headers } = answer;
  if (body === undefined) return { status, headers: { 'Cache-Control': 'no-store', ...headers }, body: '' };
  return {
    status,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': operation?.cacheable ? 'public, max-age=60' : 'no-store',
      ...nextLink(body, publicUrl, url),
      ...(operation?.current && typeof body === 'object' && status === 200 && { ETag: entityTag(body) }),
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** RFC 8288; everything else that the call asked for stays. */
function nextLink(body: string | object, publicUrl: string, url: URL): Record<string, string> {
  const next = typeof body === 'object' && 'nextCursor' in body ? body.nextCursor : null;
  if (typeof next !== 'string') return {};
  const query = new URLSearchParams(url.searchParams);
  query.set('cursor', next);
  return { Link: `<${publicUrl}${url.pathname}?${query.toString()}>; rel="next"` };
}

export function toResponse({ status, headers, body }: Written, method: string): Response {
  const hasBody = body !== '' && method !== 'HEAD' && status !== 204 && status !== 304;
  return new Response(hasBody ? body : null, { status, headers });
}

/** `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-11). */
export function rateHeaders(rate: RateState | null): Record<string, string> {
  if (!rate) return {};
  return {
    'RateLimit-Policy': `"token";q=${rate.limit};w=${rate.windowSeconds}`,
    RateLimit: `"token";r=${rate.remaining};t=${rate.resetSeconds}`,
  };
}
