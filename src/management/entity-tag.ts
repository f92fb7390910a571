import { createHash } from 'node:crypto';

/** Strong entity tag (RFC 9110, 8.8.3) of a representation, written as JSON. */
export function entityTag(representation: object): string {
  return `"${createHash('sha256').update(JSON.stringify(representation)).digest('base64url').slice(0, 27)}"`;
}

const LIST = /^(?:\s*(?:W\/)?"[\x21\x23-\x7e]*"\s*(?:,|$))+$/;

/** The tags of If-Match or If-None-Match; `*` for any; null when the header cannot be read. */
export function parseTags(header: string): readonly string[] | '*' | null {
  const text = header.trim();
  if (text === '*') return '*';
  if (text.length > 2000 || !LIST.test(text)) return null;
  return text.match(/(?:W\/)?"[^"]*"/g) ?? [];
}

/** If-Match compares strongly: a weak tag never matches (RFC 9110, 13.1.1). */
export function matchesStrongly(tags: readonly string[] | '*', tag: string | null): boolean {
  return tag !== null && (tags === '*' || tags.includes(tag));
}

/** If-None-Match compares weakly (RFC 9110, 13.1.2). */
export function matchesWeakly(tags: readonly string[] | '*', tag: string): boolean {
  return tags === '*' || tags.some((one) => one.replace(/^W\//, '') === tag);
}
