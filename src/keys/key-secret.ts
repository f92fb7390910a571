import { CHECKED_SECRET, checksumOf, drawCheckedSecret, endsWithCheckedSecret } from '../settings/checked-secret.ts';
import type { Random } from '../platform/random.ts';
import type { Environment } from './api-key.ts';

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
  const checked = drawCheckedSecret(random);
  return {
    token: `${prefix}_${environment}_${checked}`,
    environment,
    firstFour: checked.slice(0, 4),
    lastFour: checked.slice(-4),
  };
}

/** Checks shape and checksum without a database read; null for anything that we cannot have issued. */
export function parseToken(prefix: string, token: string): TokenParts | null {
  const match = tokenPattern(prefix).exec(token);
  const environment = match?.[1];
  const secret = match?.[2];
  const check = match?.[3];
  if (!environment || !secret || check !== checksumOf(secret)) return null;
  return { environment: environment as Environment, firstFour: secret.slice(0, 4), lastFour: check.slice(-4) };
}

/**
 * Whether `parseToken` would accept what follows `before`; for the hot path, which needs no parts of it.
 * @param before what the text begins with in any case, such as a scheme of HTTP
 */
export function createTokenCheck(prefix: string, before = ''): (text: string) => boolean {
  const live = `${before}${prefix}_live_`;
  const test = `${before}${prefix}_test_`;
  return (text) => (text.startsWith(live) || text.startsWith(test)) && endsWithCheckedSecret(text, live.length);
}

/** The regular expression to publish for secret scanners. */
export function tokenRegularExpression(prefix: string): string {
  return `${prefix}_(live|test)_${CHECKED_SECRET}`;
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
