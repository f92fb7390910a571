import { type HmacInSteps, hmacSha256, prepareHmacSha256 } from '../platform/hash.ts';

/** A secret under which tokens are hashed (KEY_PEPPER), and the number by which a row says under which one it is. */
export interface Pepper {
  id: number;
  secret: Uint8Array;
}

export interface Peppers {
  /** Under which keys are issued. */
  current: Pepper;
  /** The one before: keys under it work, and their next call moves them to the current one. null: there is none. */
  previous: Pepper | null;
}

/** What rows say that were written before peppers had numbers. */
export const UNNAMED_PEPPER_ID = 1;

/** The number comes from the secret, and tells nothing of it: 30 bits of an HMAC, so that every database takes it. */
export function toPepper(secret: Uint8Array): Pepper {
  const [first = 0, second = 0, third = 0, fourth = 0] = hmacSha256(secret, 'gatehouse pepper');
  return { id: 2 + ((((first & 0x3f) << 24) | (second << 16) | (third << 8) | fourth) >>> 0), secret };
}

export function toPeppers(config: { keyPepper: Uint8Array; keyPepperPrevious: Uint8Array | null }): Peppers {
  const { keyPepper, keyPepperPrevious } = config;
  return { current: toPepper(keyPepper), previous: keyPepperPrevious && toPepper(keyPepperPrevious) };
}

/** What is stored instead of the token. */
export function hashToken({ secret }: Pepper, token: string): Uint8Array {
  return hmacSha256(secret, token);
}

/** `hashToken` under one pepper, for the hot path. */
export function prepareTokenHash({ secret }: Pepper): HmacInSteps {
  return prepareHmacSha256(secret);
}

/** Looks a token up under every pepper that it may be stored under. */
export async function findByToken<Key>(
  keys: { findByTokenHash(tokenHash: Uint8Array): Promise<Key | null> },
  { current, previous }: Peppers,
  token: string,
): Promise<Key | null> {
  const found = await keys.findByTokenHash(hashToken(current, token));
  return found ?? (previous && keys.findByTokenHash(hashToken(previous, token)));
}
