import { timingSafeEqual } from 'node:crypto';

import { hmacSha256 } from '../platform/hash.ts';
import type { Random } from '../platform/random.ts';
import type { ThrottleSubject } from './sign-in-throttle.ts';

/** Names what the HMAC is for: the same secret keys sessions and mailed tokens. */
const PURPOSE = 'known device:';
const TOKEN = /^([\w-]{22})\.([\w-]{43})$/;
export const KNOWN_DEVICE_MS = 180 * 24 * 60 * 60 * 1000;

/**
 * What a browser keeps in which this account has signed in: whoever fails elsewhere in its name does not make this
 * browser wait (OWASP's device cookies; yardstick A8). It is stored nowhere and opens nothing.
 */
export function newDeviceToken(deps: { sessionSecret: Uint8Array; random: Random }, accountId: string): string {
  const nonce = Buffer.from(deps.random.bytes(16)).toString('base64url');
  return `${nonce}.${signature(deps.sessionSecret, accountId, nonce).toString('base64url')}`;
}

/** What failures in a known browser are counted under; null for a text that we did not make for this account. */
export function knownDeviceSubject(
  sessionSecret: Uint8Array,
  accountId: string,
  token: string | null | undefined,
): ThrottleSubject | null {
  const [, nonce = '', given = ''] = TOKEN.exec(token ?? '') ?? [];
  if (nonce === '') return null;
  const right = signature(sessionSecret, accountId, nonce);
  const bytes = Buffer.from(given, 'base64url');
  if (bytes.length !== right.length || !timingSafeEqual(bytes, right)) return null;
  return { subject: `device:${accountId}:${nonce}`, freeFailures: 5, firstWaitMs: 1000 };
}

function signature(secret: Uint8Array, accountId: string, nonce: string): Buffer {
  return Buffer.from(hmacSha256(secret, `${PURPOSE}${accountId}:${nonce}`));
}
