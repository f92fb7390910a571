import { newToken } from '../email-addresses/one-time-token.ts';
import { hmacSha256, sha256Hex } from '../platform/hash.ts';
import type { Random } from '../platform/random.ts';
import type { Errand, ProviderId } from './identity.ts';

/** How long somebody may be away at a provider. */
export const ERRAND_MS = 10 * 60 * 1000;

export interface ErrandTicket {
  provider: ProviderId;
  errand: Errand;
  /** A path of this site. */
  next: string;
  /** The session that it belongs to; '' when nobody was signed in. */
  sessionId: string;
}

/** What goes to the provider and must come back; all of it is derived from the ticket, so that nothing is stored. */
export interface ErrandSecrets {
  state: string;
  nonce: string;
  /** PKCE (RFC 7636). */
  codeVerifier: string;
}

export interface OpenedErrand extends ErrandSecrets {
  errand: Errand;
  next: string;
  id: string;
  expiresAtMs: number;
}

/** Pure. The ticket is the value of a cookie; state, nonce and verifier cannot be derived from it without our secret. */
export function newErrand(
  secret: Uint8Array,
  given: ErrandTicket,
  random: Random,
  nowMs: number,
): ErrandSecrets & { ticket: string; expiresAtMs: number } {
  const expiresAtMs = nowMs + ERRAND_MS;
  const next = Buffer.from(given.next).toString('base64url');
  const ticket = [expiresAtMs, newToken(random), given.errand, next].join('.');
  return { ticket, expiresAtMs, ...secretsOf(secret, given, ticket) };
}

/** null when the ticket is none, has expired, or is another provider's. */
export function openErrand(
  secret: Uint8Array,
  ticket: string,
  bound: Pick<ErrandTicket, 'provider' | 'sessionId'>,
  nowMs: number,
): OpenedErrand | null {
  const [, expiry = '', errand = '', next = ''] =
    /^(\d{13})\.[\w-]{43}\.(sign_in|again|link)\.([\w-]{1,700})$/.exec(ticket) ?? [];
  const expiresAtMs = Number(expiry);
  if (expiresAtMs <= nowMs || expiresAtMs > nowMs + ERRAND_MS) return null;
  const opened = { errand: errand as Errand, next: Buffer.from(next, 'base64url').toString('utf8') };
  const id = sha256Hex(`used_errand:${ticket}`);
  return { ...opened, id, expiresAtMs, ...secretsOf(secret, bound, ticket) };
}

/** A sign-in belongs to no session: the one that the browser had may have ended meanwhile. */
function secretsOf(
  secret: Uint8Array,
  { provider, sessionId }: Pick<ErrandTicket, 'provider' | 'sessionId'>,
  ticket: string,
): ErrandSecrets {
  const owner = ticket.includes('.sign_in.') ? '' : sessionId;
  const derive = (use: string): string =>
    Buffer.from(hmacSha256(secret, `errand_${use}:${provider}:${owner}:${ticket}`)).toString('base64url');
  return { state: derive('state'), nonce: derive('nonce'), codeVerifier: derive('code_verifier') };
}
