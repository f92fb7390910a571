/** Pages that may call with a key of a browser: one origin, or every host below a name. */
export interface ReferrerPattern {
  /** `https:` or `http:`. */
  protocol: string;
  /** As browsers send it: lower case, international names in their ASCII form. */
  host: string;
  /** `*.`: hosts below `host` in any depth, and not `host` itself. */
  isWildcard: boolean;
  /** '' for the usual one of the protocol. */
  port: string;
  /** In its only spelling. */
  text: string;
}

/** From where a browser says that it calls. */
export type CallOrigin = Pick<ReferrerPattern, 'protocol' | 'host' | 'port'>;

const PATTERN = /^(https?):\/\/(\*\.)?([^\s/?#@\\*:[\]]+|\[[0-9a-f:.]+\])(:\d{1,5})?\/?$/i;
const LONGEST_PATTERN = 300;
const LONGEST_HEADER = 8192;

/**
 * `https://app.example.com`, `https://*.example.com`, `http://localhost:3000`; null for anything else. The wildcard
 * stands only in front of a name of two labels or more: `https://*.com` would be everybody.
 */
export function parseReferrerPattern(text: string): ReferrerPattern | null {
  const match = text.length > LONGEST_PATTERN ? null : PATTERN.exec(text);
  const [, scheme = '', wildcard, name = '', portText = ''] = match ?? [];
  const url = match && URL.parse(`${scheme.toLowerCase()}://${name}${portText}`);
  if (!url || url.hostname.endsWith('.')) return null;
  const isWildcard = wildcard !== undefined;
  if (isWildcard && !/^[^.]+(\.[^.]+)*\.[a-z][^.]*$/.test(url.hostname)) return null;
  const { protocol, hostname: host, port } = url;
  const shownPort = port === '' ? '' : `:${port}`;
  return { protocol, host, isWildcard, port, text: `${protocol}//${isWildcard ? '*.' : ''}${host}${shownPort}` };
}

/**
 * `Origin` (RFC 6454) if there is one, else the origin of `Referer` (RFC 9110, 10.1.3): browsers leave the first out of
 * simple GETs of their own site, and shorten the second. null when there is none to compare, as with `Origin: null`.
 */
export function readCallOrigin(origin: string | undefined, referrer: string | undefined): CallOrigin | null {
  const text = origin ?? referrer;
  if (text === undefined || text.length > LONGEST_HEADER) return null;
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  // An Origin has one spelling; something else was not written by a browser.
  if (origin !== undefined && url.origin !== origin) return null;
  return { protocol: url.protocol, host: url.hostname, port: url.port };
}

export function matchesReferrer(pattern: ReferrerPattern, { protocol, host, port }: CallOrigin): boolean {
  if (pattern.protocol !== protocol || pattern.port !== port) return false;
  return pattern.isWildcard ? host.endsWith(`.${pattern.host}`) : host === pattern.host;
}

/** True when `wider` matches whatever `narrower` does. */
export function coversReferrer(wider: ReferrerPattern, narrower: ReferrerPattern): boolean {
  if (!narrower.isWildcard) return matchesReferrer(wider, narrower);
  if (!wider.isWildcard || wider.protocol !== narrower.protocol || wider.port !== narrower.port) return false;
  return wider.host === narrower.host || narrower.host.endsWith(`.${wider.host}`);
}
