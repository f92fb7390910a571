import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';

import { Secret, TOTP } from 'otpauth';

import { sha256Hex } from '../platform/hash.ts';
import type { Random } from '../platform/random.ts';

/** What authenticator apps show beside the account. */
const ISSUER = 'Gatehouse';
const STEP_SECONDS = 30;
const RECOVERY_CODES = 10;
const RECOVERY_CODE_BYTES = 15;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Pure: time-based one-time passwords (RFC 6238: SHA-1, six digits, thirty seconds, as all authenticator apps do). */
export function newTotpSecret(random: Random): Uint8Array {
  return random.bytes(20);
}

/** For typing into an authenticator app: base32. */
export function totpSetupKey(secret: Uint8Array): string {
  return toSecret(secret).base32;
}

/** The `otpauth://` link that authenticator apps on the same device open. */
export function totpUri(secret: Uint8Array, email: string): string {
  return totp(secret, email).toString();
}

/** The time step whose code this is: the present one or, for clocks that differ, one beside it; null when it is none. */
export function totpStep(secret: Uint8Array, code: string, nowMs: number): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const distance = totp(secret).validate({ token: code, timestamp: nowMs, window: 1 });
  return distance === null ? null : Math.floor(nowMs / 1000 / STEP_SECONDS) + distance;
}

/** AES-256-GCM as nonce, tag, text. The account is authenticated with it: in another row the secret does not open. */
export function encryptTotpSecret(
  sessionSecret: Uint8Array,
  accountId: string,
  secret: Uint8Array,
  random: Random,
): Uint8Array {
  const nonce = random.bytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', totpKey(sessionSecret), nonce).setAAD(Buffer.from(accountId));
  const text = Buffer.concat([cipher.update(secret), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

/** null when it was encrypted under another SESSION_SECRET or for another account. */
export function decryptTotpSecret(
  sessionSecret: Uint8Array,
  accountId: string,
  encrypted: Uint8Array,
): Uint8Array | null {
  const [nonce, tag, text] = [
    encrypted.subarray(0, NONCE_BYTES),
    encrypted.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES),
    encrypted.subarray(NONCE_BYTES + TAG_BYTES),
  ];
  const decipher = createDecipheriv('aes-256-gcm', totpKey(sessionSecret), nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(accountId)).setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(text), decipher.final()]);
  } catch {
    return null;
  }
}

/** Ten codes of 120 random bits, each good once, such as `K7QF-...`. */
export function newRecoveryCodes(random: Random): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const text = new Secret({ buffer: Uint8Array.from(random.bytes(RECOVERY_CODE_BYTES)).buffer }).base32;
    return text.match(/.{4}/g)?.join('-') ?? text;
  });
}

/** Without a key, unlike other tokens: 120 bits need none, and a new SESSION_SECRET must not lock people out. */
export function hashRecoveryCode(accountId: string, code: string): string {
  return sha256Hex(`recovery_code:${accountId}:${code.toUpperCase().replaceAll(/[^A-Z2-7]/g, '')}`);
}

function totp(secret: Uint8Array, label = ''): TOTP {
  return new TOTP({ issuer: ISSUER, label, secret: toSecret(secret), digits: 6, period: STEP_SECONDS });
}

function toSecret(bytes: Uint8Array): Secret {
  return new Secret({ buffer: Uint8Array.from(bytes).buffer });
}

/** HKDF (RFC 5869), so that one setting gives independent keys. */
function totpKey(sessionSecret: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', sessionSecret, new Uint8Array(), 'gatehouse totp secrets', 32));
}
