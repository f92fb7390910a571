import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';

import { hmacSha256 } from '../platform/hash.ts';
import type { Random } from '../platform/random.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Keeps what a report says from whoever gets hold of the database alone. */
export interface ReportCipher {
  /** @param place what the text belongs to; elsewhere it does not open */
  seal(place: string, text: string): Uint8Array;
  /** null when it was sealed under another secret or for another place. */
  open(place: string, sealed: Uint8Array): string | null;
  /** Hex HMAC-SHA-256 of the token in a reporter's link. */
  hashToken(token: string): string;
}

/** AES-256-GCM as nonce, tag, text, under a key of its own (HKDF, RFC 5869). */
export function createReportCipher(sessionSecret: Uint8Array, random: Random): ReportCipher {
  const key = new Uint8Array(hkdfSync('sha256', sessionSecret, new Uint8Array(), 'gatehouse security reports', 32));
  return {
    seal(place, text) {
      const nonce = random.bytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
    },
    open(place, sealed) {
      const nonce = sealed.subarray(0, NONCE_BYTES);
      const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
        decipher.setAAD(Buffer.from(place)).setAuthTag(tag);
        const text = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES));
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch {
        return null;
      }
    },
    hashToken: (token) => Buffer.from(hmacSha256(sessionSecret, `security_report:${token}`)).toString('hex'),
  };
}
