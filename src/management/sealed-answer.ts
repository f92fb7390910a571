import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';

import type { Random } from '../platform/random.ts';
import type { IdempotentCall } from './gate.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const INFO = 'gatehouse idempotent answer';

/**
 * Pure: an answer as it is kept for who may ask for it again. AES-256-GCM under a key that is derived (HKDF, RFC 5869)
 * from the access token and the Idempotency-Key: the portal keeps neither, so whoever reads the database cannot read
 * the API key that an answer may hold.
 */
export function sealAnswer(call: IdempotentCall, answer: string, random: Random): Uint8Array {
  const nonce = random.bytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(call), nonce).setAAD(boundTo(call));
  const text = Buffer.concat([cipher.update(answer, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

/** @throws when it was sealed for another call */
export function openAnswer(call: IdempotentCall, sealed: Uint8Array): string {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(call), nonce).setAAD(boundTo(call)).setAuthTag(tag);
  const text = [decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()];
  return Buffer.concat(text).toString('utf8');
}

function sealingKey({ token, key }: IdempotentCall): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', JSON.stringify([token, key]), '', INFO, 32));
}

/** In the row of another request an answer does not open. */
function boundTo({ tokenId, requestHash }: IdempotentCall): Buffer {
  return Buffer.from(`${tokenId} ${requestHash}`);
}
