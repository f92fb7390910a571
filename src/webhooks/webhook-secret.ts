import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';

import { Webhook } from 'standardwebhooks';

import type { Random } from '../platform/random.ts';

/** Standard Webhooks: 24 to 64 bytes. */
const SECRET_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** `whsec_` and 32 random bytes in base64, as Standard Webhooks writes the key of a `v1` signature. */
export function newWebhookSecret(random: Random): string {
  return `whsec_${Buffer.from(random.bytes(SECRET_BYTES)).toString('base64')}`;
}

/** What is signed: the id of the event and when it is sent, so that neither can be changed. */
export interface SignedMessage {
  eventId: string;
  /** Of this attempt. */
  sentAtMs: number;
  body: string;
}

/** The headers of Standard Webhooks; a signature for each secret, separated by blanks, while a rotation overlaps. */
export function signatureHeaders(
  secrets: readonly string[],
  { eventId, sentAtMs, body }: SignedMessage,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const signatures = secrets.map((secret) => new Webhook(secret).sign(eventId, new Date(sentAtMs), body));
  return {
    'webhook-id': eventId,
    'webhook-timestamp': String(Math.floor(sentAtMs / 1000)),
    'webhook-signature': signatures.join(' '),
  };
}

/** AES-256-GCM as nonce, tag, text. The endpoint is authenticated with it: in another row the secret does not open. */
export function encryptWebhookSecret(
  sessionSecret: Uint8Array,
  endpointId: string,
  secret: string,
  random: Random,
): Uint8Array {
  const nonce = random.bytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', webhookKey(sessionSecret), nonce).setAAD(Buffer.from(endpointId));
  const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

/** null when it was encrypted under another SESSION_SECRET or for another endpoint. */
export function decryptWebhookSecret(
  sessionSecret: Uint8Array,
  endpointId: string,
  encrypted: Uint8Array,
): string | null {
  const nonce = encrypted.subarray(0, NONCE_BYTES);
  const tag = encrypted.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  const text = encrypted.subarray(NONCE_BYTES + TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', webhookKey(sessionSecret), nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(endpointId)).setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}

/** HKDF (RFC 5869), so that one setting gives independent keys. */
function webhookKey(sessionSecret: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', sessionSecret, new Uint8Array(), 'gatehouse webhook secrets', 32));
}
