import { timingSafeEqual } from 'node:crypto';

import { hmacSha256 } from '../platform/hash.ts';

/** Names what the HMAC is for: the same secret keys sessions and mailed tokens. */
const PURPOSE = 'unsubscribe from notices:';
const TOKEN = /^(acc_[0-9A-Za-z]{1,64})\.([\w-]{43})$/;

/**
 * The link with which a mail program, without any sign-in, ends mails about what is no advisory (RFC 8058). It is
 * stored nowhere, does not end, and can do nothing else.
 */
export function unsubscribeUrl(publicUrl: string, secret: Uint8Array, accountId: string): string {
  return `${publicUrl}/notices/unsubscription?token=${accountId}.${signature(secret, accountId).toString('base64url')}`;
}

/** The account of a token that we made; null for every other text. */
export function readUnsubscribeToken(secret: Uint8Array, token: string): string | null {
  const [, accountId = '', given = ''] = TOKEN.exec(token) ?? [];
  if (accountId === '') return null;
  const right = signature(secret, accountId);
  const bytes = Buffer.from(given, 'base64url');
  return bytes.length === right.length && timingSafeEqual(bytes, right) ? accountId : null;
}

/** For the mail headers of RFC 2369 and RFC 8058; one-click asks for https. */
export function unsubscribeHeaders(url: string): Record<string, string> {
  const header = { 'List-Unsubscribe': `<${url}>` };
  return url.startsWith('https:') ? { ...header, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : header;
}

function signature(secret: Uint8Array, accountId: string): Buffer {
  return Buffer.from(hmacSha256(secret, PURPOSE + accountId));
}
