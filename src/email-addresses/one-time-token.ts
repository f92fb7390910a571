import { hmacSha256 } from '../platform/hash.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';

export type TokenPurpose = PortalSchema['one_time_token']['purpose'];
export type MailedPurpose = Exclude<TokenPurpose, 'first_owner'>;

/** The first owner's link is printed on the machine's own console, not mailed. */
export const FIRST_OWNER_TOKEN_MS = 24 * 60 * 60 * 1000;

/** What to put into a link, once. Only its hash is stored. */
export function newToken(random: Random): string {
  return Buffer.from(random.bytes(32)).toString('base64url');
}

/** Hex HMAC-SHA-256. Bound to the purpose, so that a token for one thing opens nothing else. */
export function hashOneTimeToken(secret: Uint8Array, purpose: TokenPurpose, token: string): string {
  return Buffer.from(hmacSha256(secret, `${purpose}:${token}`)).toString('hex');
}
