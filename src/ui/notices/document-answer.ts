import type { FeedDocument } from '../../notices/notice-feed.ts';
import { sha256Hex } from '../../platform/hash.ts';

const CACHING = 'public, max-age=300';

/** A document that programs fetch again and again; 304 when they have it (RFC 9110, 13.1). */
export function documentAnswer(request: Request, { body, mediaType, changedAtMs }: FeedDocument): Response {
  const etag = `"${sha256Hex(body).slice(0, 32)}"`;
  const headers = {
    'Cache-Control': CACHING,
    ETag: etag,
    ...(changedAtMs !== null && { 'Last-Modified': new Date(changedAtMs).toUTCString() }),
  };
  if (isUnchanged(request.headers, etag, changedAtMs)) return new Response(null, { status: 304, headers });
  return new Response(body, { headers: { ...headers, 'Content-Type': mediaType } });
}

/** JSON without a date of its own. */
export function jsonAnswer(request: Request, value: object, mediaType = 'application/json; charset=utf-8'): Response {
  return documentAnswer(request, { body: JSON.stringify(value, null, 2), mediaType, changedAtMs: null });
}

/** The date counts only where no tag was sent: it cannot tell that a notice was taken back. */
function isUnchanged(headers: Headers, etag: string, changedAtMs: number | null): boolean {
  const tags = headers.get('if-none-match');
  if (tags !== null) {
    return tags.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
  }
  const since = Date.parse(headers.get('if-modified-since') ?? '');
  return changedAtMs !== null && Math.floor(changedAtMs / 1000) * 1000 <= since;
}
