import { createHash, createHmac } from 'node:crypto';

/** HMAC-SHA-256 (RFC 2104). Secrets are stored only in this form. */
export function hmacSha256(key: Uint8Array, text: string): Uint8Array {
  return createHmac('sha256', key).update(text).digest();
}

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
