import { CHECKED_SECRET, checksumOf, drawCheckedSecret } from '../settings/checked-secret.ts';
import { hmacSha256 } from '../platform/hash.ts';
import type { Random } from '../platform/random.ts';

/** The word that stands where API keys have `live` or `test`, so that scanners and people can tell them apart. */
const KIND = 'pat';

/** `<prefix>_pat_<30 base62><6 base62 CRC32>`. */
export function drawAccessToken(
  random: Random,
  prefix: string,
): { token: string; firstFour: string; lastFour: string } {
  const checked = drawCheckedSecret(random);
  return { token: `${prefix}_${KIND}_${checked}`, firstFour: checked.slice(0, 4), lastFour: checked.slice(-4) };
}

/** The regular expression to publish for secret scanners. */
export function accessTokenRegularExpression(prefix: string): string {
  return `${prefix}_${KIND}_${CHECKED_SECRET}`;
}

/** Checks shape and checksum without a database read. */
export function isAccessToken(prefix: string, token: string): boolean {
  const match = new RegExp(`^${accessTokenRegularExpression(prefix)}$`).exec(token);
  return match?.[1] !== undefined && match[2] === checksumOf(match[1]);
}

/** What is stored instead of the token; the first word keeps it apart from other uses of the secret. */
export function hashAccessToken(sessionSecret: Uint8Array, token: string): string {
  return Buffer.from(hmacSha256(sessionSecret, `access_token:${token}`)).toString('hex');
}
