import { crc32 } from 'node:zlib';

import { hmacSha256, prepareHmacSha256 } from '../platform/hash.ts';
import { BASE62, type Random, randomBase62 } from '../platform/random.ts';
import type { Environment } from './api-key.ts';

const SECRET_LENGTH = 30;
const CHECKSUM_LENGTH = 6;

/** Names the pepper under which hashes are stored, so that a second one can follow. */
export const CURRENT_PEPPER_ID = 1;

export interface TokenParts {
  environment: Environment;
  firstFour: string;
  lastFour: string;
}

export interface IssuedSecret extends TokenParts {
  /** `<prefix>_<live|test>_<30 base62><6 base62 CRC32>`: shown once, stored nowhere. */
  token: string;
}

/** Draws a new token: 178 random bits and a checksum that scanners and typing errors meet first. */
export function issueSecret(random: Random, prefix: string, environment: Environment): IssuedSecret {
  const secret = randomBase62(random, SECRET_LENGTH);
  const checked = secret + checksum(secret);
  return {
    token: `${prefix}_${environment}_${checked}`,
    environment,
    firstFour: checked.slice(0, 4),
    lastFour: checked.slice(-4),
  };
}

/**
 * Checks shape and checksum without a database read; null for anything that we cannot have issued.
 * The checksum is GitHub's: CRC-32 of the secret, base62 with the alphabet 0-9A-Za-z, left-padded to six.
 */
export function parseToken(prefix: string, token: string): TokenParts | null {
  const match = tokenPattern(prefix).exec(token);
  const environment = match?.[1];
  const secret = match?.[2];
  const check = match?.[3];
  if (!environment || !secret || check !== checksum(secret)) return null;
  return { environment: environment as Environment, firstFour: secret.slice(0, 4), lastFour: check.slice(-4) };
}

/** The regular expression to publish for secret scanners. */
export function tokenRegularExpression(prefix: string): string {
  return `${prefix}_(live|test)_([0-9A-Za-z]{${SECRET_LENGTH}})([0-9A-Za-z]{${CHECKSUM_LENGTH}})`;
}

/** What is stored instead of the token. */
export function hashToken(pepper: Uint8Array, token: string): Uint8Array {
  return hmacSha256(pepper, token);
}

/** `hashToken` under one pepper, for the hot path. */
export function prepareTokenHash(pepper: Uint8Array): (token: string) => Uint8Array {
  return prepareHmacSha256(pepper);
}

const patterns = new Map<string, RegExp>();

function tokenPattern(prefix: string): RegExp {
  let pattern = patterns.get(prefix);
  if (!pattern) {
    pattern = new RegExp(`^${tokenRegularExpression(prefix)}$`);
    patterns.set(prefix, pattern);
  }
  return pattern;
}

function checksum(secret: string): string {
  let rest = crc32(secret);
  let text = '';
  for (let index = 0; index < CHECKSUM_LENGTH; index += 1) {
    text = BASE62.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}
