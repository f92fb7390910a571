/** Origin form only (RFC 9112, 3.2.1): pchar and slashes, then a query of visible ASCII. */
const TARGET = /^(\/(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*)(?:\?[\x21\x22\x24-\x7e]*)?$/;

/** Encoded, these are read differently by one decoder and by two: separators, the escape itself, controls, and what needs no encoding. */
const AMBIGUOUS = /[A-Za-z0-9\-._~%/\\\p{Cc}]/u;

/**
 * The path of a request target when there is exactly one way to read it, else null. Encoded letters, doubled slashes
 * and dot segments have led past access checks of this framework three times; no page of ours needs them.
 */
export function readPath(target: string): string | null {
  const path = TARGET.exec(target)?.[1];
  if (path === undefined || path.includes('//') || /\/\.{1,2}(\/|$)/.test(path)) return null;
  for (const [escapes] of path.matchAll(/(?:%[0-9A-Fa-f]{2})+/g)) {
    const decoded = decode(escapes);
    if (decoded === null || AMBIGUOUS.test(decoded)) return null;
  }
  return path;
}

function decode(escapes: string): string | null {
  try {
    return decodeURIComponent(escapes);
  } catch {
    return null;
  }
}
