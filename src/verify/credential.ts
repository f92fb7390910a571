import { createTokenCheck, parseToken, tokenRegularExpression } from '../keys/key-secret.ts';

/** The headers in which a call may carry its key, as received. */
export interface CredentialHeaders {
  authorization: string | undefined;
  apiKey: string | undefined;
  /** One of the two came more than once, with different values. */
  contradictory: boolean;
}

export type CredentialReading =
  | { ok: true; token: string }
  | { ok: false; code: 'missing_credential' | 'several_credentials' | 'malformed_key' }
  | { ok: false; code: 'key_in_query'; leakedToken: string };

/**
 * Reads credentials for keys with one prefix. All ways of sending a key lead to the same reading.
 * @param query without the question mark; '' if none
 */
export type CredentialReader = (headers: CredentialHeaders, query: string) => CredentialReading;

/** Longer headers hold no key; it also bounds the work on hostile ones. */
const LONGEST_CREDENTIAL = 512;
const BEARER = 'Bearer ';

export function createCredentialReader(prefix: string): CredentialReader {
  const isToken = createTokenCheck(prefix);
  const isBearerToken = createTokenCheck(prefix, BEARER);
  const anywhere = new RegExp(tokenRegularExpression(prefix), 'g');
  return ({ authorization, apiKey, contradictory }, query) => {
    const leakedToken = query === '' ? null : tokenInQuery(prefix, anywhere, query);
    if (leakedToken !== null) return { ok: false, code: 'key_in_query', leakedToken };
    if (contradictory) return { ok: false, code: 'several_credentials' };
    // As nearly all callers write it.
    if (authorization !== undefined && apiKey === undefined && isBearerToken(authorization))
      return { ok: true, token: authorization.slice(BEARER.length) };
    const fromAuthorization = authorization === undefined ? undefined : readAuthorization(authorization);
    const fromApiKey = apiKey?.trim();
    if (fromAuthorization !== undefined && fromApiKey !== undefined && fromAuthorization !== fromApiKey) {
      return { ok: false, code: 'several_credentials' };
    }
    const token = fromAuthorization ?? fromApiKey;
    if (token === undefined) return { ok: false, code: 'missing_credential' };
    return isToken(token) ? { ok: true, token } : { ok: false, code: 'malformed_key' };
  };
}

/** Whether a call sends a credential in HTTP Basic, also when the same one comes in another header too. */
export function isBasic({ authorization }: Pick<CredentialHeaders, 'authorization'>): boolean {
  return authorization !== undefined && /^basic /i.test(authorization);
}

/** The key in `Bearer <key>` (RFC 6750) or `Basic <base64 of key:anything>` (RFC 7617); '' when there is none to read. */
function readAuthorization(value: string): string {
  if (value.length > LONGEST_CREDENTIAL) return '';
  const match = /^(bearer|basic) +([^ ]+) *$/i.exec(value);
  const text = match?.[2] ?? '';
  return match?.[1]?.toLowerCase() === 'basic' ? readBasicUserName(text) : text;
}

function readBasicUserName(base64: string): string {
  if (!/^[0-9A-Za-z+/]+={0,2}$/.test(base64)) return '';
  const text = Buffer.from(base64, 'base64').toString('latin1');
  const colon = text.indexOf(':');
  return colon === -1 ? '' : text.slice(0, colon);
}

/** A whole token anywhere in the query string, also percent-encoded: URLs end up in logs (yardstick A25). */
function tokenInQuery(prefix: string, anywhere: RegExp, query: string): string | null {
  const text = query.includes('%') ? decodePercents(query) : query;
  if (!text.includes(prefix)) return null;
  for (const [candidate] of text.matchAll(anywhere)) {
    if (parseToken(prefix, candidate)) return candidate;
  }
  return null;
}

/** Tolerates broken encodings, unlike decodeURIComponent: a leaked key must be seen beside them too. */
function decodePercents(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}
