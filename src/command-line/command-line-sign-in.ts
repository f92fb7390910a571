import { hmacSha256 } from '../platform/hash.ts';
import type { Random } from '../platform/random.ts';
import { type AccessScope, accessScopes, splitScope } from '../access-tokens/access-token.ts';

/**
 * The hand-over of an access token to a program (RFC 8628): the program shows a short code, a person types it in the
 * browser and decides, the program asks until they have. Rules only.
 */
export interface CommandLineSignIn {
  id: string;
  /** What the program calls its computer; no proof of anything. */
  deviceName: string;
  address: string;
  wantedScopes: readonly AccessScope[];
  createdAtMs: number;
  expiresAtMs: number;
}

/** What a person allowed. */
export interface CommandLineGrant {
  accountId: string;
  name: string;
  scopes: readonly AccessScope[];
  expiresInDays: number;
}

export const COMMAND_LINE_CODE_MS = 10 * 60 * 1000;
/** How often the program may ask. */
export const COMMAND_LINE_INTERVAL_SECONDS = 2;
export const DEVICE_NAME_MAX_LENGTH = 60;

/** No vowels, so that no words come out, and nothing that looks like something else (RFC 8628, 6.1). */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const CODE_LENGTH = 8;

/** `WDJB-MJHT`: 34 random bits, good for ten minutes and for signed-in people who may try ten times. */
export function drawUserCode(random: Random): string {
  let code = '';
  while (code.length < CODE_LENGTH) {
    for (const byte of random.bytes(CODE_LENGTH)) {
      // 240 is the largest multiple of 20: bytes above would make some letters likelier.
      if (byte < 240 && code.length < CODE_LENGTH) code += LETTERS.charAt(byte % LETTERS.length);
    }
  }
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

/** As it is shown, however it was typed; null when it cannot be a code. */
export function readUserCode(typed: string): string | null {
  const letters = typed.toUpperCase().replaceAll(/[\s-]/g, '');
  const isCode = letters.length === CODE_LENGTH && Array.from(letters).every((letter) => LETTERS.includes(letter));
  return isCode ? `${letters.slice(0, 4)}-${letters.slice(4)}` : null;
}

export function hashCommandLineCode(secret: Uint8Array, kind: 'device' | 'person', code: string): string {
  return Buffer.from(hmacSha256(secret, `command_line_${kind}:${code}`)).toString('hex');
}

/** The scopes of a request that there are, one for each resource: the highest that was asked for. */
export function readWantedScopes(text: string): AccessScope[] {
  const asked = new Set(text.split(' '));
  const known = accessScopes.filter((scope) => asked.has(scope));
  return known.filter(
    (scope, index) => !known.slice(index + 1).some((later) => splitScope(later)[0] === splitScope(scope)[0]),
  );
}

export type BeginCommandLineResult =
  | {
      ok: true;
      deviceCode: string;
      userCode: string;
      expiresInSeconds: number;
      intervalSeconds: number;
    }
  | { ok: false; reason: 'too_many_requests'; retryAfterSeconds: number };

export type FindCommandLineResult =
  | { ok: true; signIn: CommandLineSignIn; userCode: string; isElsewhere: boolean }
  | { ok: false; reason: 'unknown_code' }
  | { ok: false; reason: 'too_many_requests'; retryAfterSeconds: number };

export type DecideCommandLineResult =
  | { ok: true; signIn: CommandLineSignIn }
  | { ok: false; reason: 'unknown_code' | 'owners_only' | 'address_not_confirmed' }
  | { ok: false; reason: 'too_many_requests'; retryAfterSeconds: number }
  | { ok: false; reason: 'too_many_tokens'; limit: number };

export type CollectCommandLineResult =
  | { ok: true; token: string; scopes: readonly AccessScope[]; expiresAtMs: number }
  /** Words of RFC 8628, 3.5, and RFC 6749, 5.2. */
  | {
      ok: false;
      reason: 'authorization_pending' | 'slow_down' | 'access_denied' | 'expired_token' | 'invalid_grant';
    };
