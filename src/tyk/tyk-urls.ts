import type { CallMethod } from '../key-restrictions/key-restrictions.ts';

export interface TykUrl {
  /** A regular expression (RE2) that is looked for in the path of a call. */
  url: string;
  methods: readonly string[];
}

export interface TykOperation {
  version: string;
  operationId: string;
  method: string;
  /** Path template below the version, such as `/parcels/{parcelId}`. */
  path: string;
  scopes: readonly string[];
}

/**
 * The operations that a key may call, as Tyk's `allowed_urls`. Tyk looks for the expression anywhere in the decoded
 * path, so that it ends with `$`. An expression that does not compile would allow everything: only characters that mean
 * themselves, or are escaped, stand in it.
 * @param methods of the key; empty for any
 */
export function grantedUrls(operations: readonly TykOperation[], methods: readonly CallMethod[]): TykUrl[] {
  const urls = new Map<string, Set<string>>();
  for (const { version, path, method } of operations) {
    const url = `/${escaped(version)}${pathExpression(path)}$`;
    // HEAD is GET without a body in the answer (RFC 9110, 9.3.2).
    for (const allowed of method === 'GET' ? ['GET', 'HEAD'] : [method]) {
      if (methods.length > 0 && !methods.includes(allowed as CallMethod) && !isHeadOfGet(allowed, methods)) continue;
      urls.set(url, (urls.get(url) ?? new Set()).add(allowed));
    }
  }
  return [...urls]
    .map(([url, allowed]) => ({ url, methods: [...allowed].sort() }))
    .sort((a, b) => (a.url < b.url ? -1 : 1));
}

function isHeadOfGet(method: string, methods: readonly CallMethod[]): boolean {
  return method === 'HEAD' && methods.includes('GET');
}

function pathExpression(template: string): string {
  return template
    .split(/(\{[^{}]*\})/)
    .map((part) => (part.startsWith('{') && part.endsWith('}') ? '[^/]+' : escaped(part)))
    .join('');
}

function escaped(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`);
}
