import { createHash, createHmac, hash } from 'node:crypto';

/** HMAC-SHA-256 (RFC 2104). Secrets are stored only in this form. */
export function hmacSha256(key: Uint8Array, text: string): Uint8Array {
  return createHmac('sha256', key).update(text).digest();
}

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;

/**
 * The same under one key, for the hot path: RFC 2104 over two one-shot hashes, because the objects that `createHmac`
 * makes for every call took a fifth of a verification.
 */
export function prepareHmacSha256(key: Uint8Array): (text: string) => Uint8Array {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.set(key.length > BLOCK_BYTES ? hash('sha256', key, 'buffer') : key);
  const innerPad = block.map((byte) => byte ^ 0x36);
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES);
  outer.set(block.map((byte) => byte ^ 0x5c));
  return (text) => {
    const inner = Buffer.allocUnsafe(BLOCK_BYTES + Buffer.byteLength(text));
    inner.set(innerPad);
    inner.write(text, BLOCK_BYTES);
    outer.set(hash('sha256', inner, 'buffer'), BLOCK_BYTES);
    return hash('sha256', outer, 'buffer');
  };
}

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
