import { crc32 } from 'node:zlib';

import { BASE62, type Random, randomBase62 } from '../platform/random.ts';

export const SECRET_LENGTH = 30;
export const CHECKSUM_LENGTH = 6;

/** What everything that is presented as a bearer ends with, as a regular expression: secret and checksum. */
export const CHECKED_SECRET = `([0-9A-Za-z]{${SECRET_LENGTH}})([0-9A-Za-z]{${CHECKSUM_LENGTH}})`;

/** 178 random bits and a checksum that scanners and typing errors meet first: 36 letters and digits. */
export function drawCheckedSecret(random: Random): string {
  const secret = randomBase62(random, SECRET_LENGTH);
  return secret + checksumOf(secret);
}

/** GitHub's: CRC-32 of the secret, base62 with the alphabet 0-9A-Za-z, left-padded to six. */
export function checksumOf(secret: string): string {
  let rest = crc32(secret);
  let text = '';
  for (let index = 0; index < CHECKSUM_LENGTH; index += 1) {
    text = BASE62.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

const BASE62_CODES = new Int8Array(128).fill(-1);
for (let digit = 0; digit < BASE62.length; digit += 1) BASE62_CODES[BASE62.charCodeAt(digit)] = digit;

/** One byte of CRC-32 (IEEE 802.3, reflected), for each of its 256 values. */
const CRC_STEPS = Int32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = (rest & 1) === 1 ? (rest >>> 1) ^ 0xed_b8_83_20 : rest >>> 1;
  return rest;
});

/**
 * Whether everything from `start` on is a secret with its checksum. For the hot path: one pass without an object, in a fifth
 * of the time of a regular expression, a native CRC and a string to compare.
 */
export function endsWithCheckedSecret(text: string, start: number): boolean {
  if (text.length !== start + SECRET_LENGTH + CHECKSUM_LENGTH) return false;
  let crc = -1;
  for (let index = start; index < start + SECRET_LENGTH; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 127 || BASE62_CODES[code] === -1) return false;
    crc = (crc >>> 8) ^ (CRC_STEPS[(crc ^ code) & 0xff] ?? 0);
  }
  let checksum = 0;
  for (let index = start + SECRET_LENGTH; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const digit = code > 127 ? -1 : (BASE62_CODES[code] ?? -1);
    if (digit === -1) return false;
    checksum = checksum * 62 + digit;
  }
  return checksum === (crc ^ -1) >>> 0;
}
