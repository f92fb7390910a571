import { crc32 } from 'node:zlib';

import { BASE62, type Random, randomBase62 } from './random.ts';

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
