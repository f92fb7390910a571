import { randomBytes } from 'node:crypto';

/** Randomness is an argument; this is the only module that draws it. */
export interface Random {
  /** `count` bytes from a cryptographically secure source. */
  bytes(count: number): Uint8Array;
}

export const systemRandom: Random = { bytes: (count) => randomBytes(count) };

export const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Uniform base62 text of `length` characters; bytes of 248 and above are thrown away so that no character is likelier. */
export function randomBase62(random: Random, length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of random.bytes(length - text.length + 8)) {
      if (byte < 248 && text.length < length) text += BASE62.charAt(byte % 62);
    }
  }
  return text;
}

export type IdKind =
  | 'acc'
  | 'team'
  | 'app'
  | 'sub'
  | 'key'
  | 'aud'
  | 'out'
  | 'req'
  | 'pat'
  | 'jnl'
  | 'hook'
  | 'evt'
  | 'dlv'
  | 'pol'
  | 'psk'
  | 'idn'
  | 'fbk'
  | 'rpt'
  | 'msg'
  | 'inv'
  | 'srq'
  | 'ntc';

/** A public identifier such as `key_4fT...`: 119 random bits, never a credential. */
export function newId(random: Random, kind: IdKind): string {
  return `${kind}_${randomBase62(random, 20)}`;
}
