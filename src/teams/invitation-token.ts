import type { Allowance } from '../accounts/allowance.ts';
import { normalizeEmail } from '../accounts/account.ts';
import { hmacSha256 } from '../platform/hash.ts';

const HOUR_MS = 60 * 60 * 1000;

/** Hex HMAC-SHA-256 of the token in a link. The token itself is stored nowhere. */
export function hashInvitationToken(secret: Uint8Array, token: string): string {
  return Buffer.from(hmacSha256(secret, `invitation:${token}`)).toString('hex');
}

/**
 * What stands between the portal and its use for mailing strangers (yardstick A30): one account sends few, and one
 * address gets few, from however many accounts and teams. Apart from what else is mailed to that address, so that
 * nobody can use up the links of its owner.
 */
export function invitationAllowances(secret: Uint8Array, accountId: string, email: string): readonly Allowance[] {
  const hash = Buffer.from(hmacSha256(secret, `invitation_mail:${normalizeEmail(email)}`)).toString('hex');
  return [
    { subject: `invitation:${accountId}`, atOnce: 20, refillMs: HOUR_MS },
    { subject: `invitation_mail:${hash}`, atOnce: 3, refillMs: 24 * HOUR_MS },
  ];
}
