import type { Clock } from '../platform/clock.ts';
import { hashOneTimeToken } from './one-time-token.ts';
import type { OneTimeTokenStore } from './one-time-token-store.ts';

/** Looks without using the token up: mail scanners open links too. */
export async function peekVerification(
  deps: { tokens: OneTimeTokenStore; clock: Clock; sessionSecret: Uint8Array },
  token: string,
): Promise<{ valid: boolean }> {
  const tokenHash = hashOneTimeToken(deps.sessionSecret, 'verify_email', token);
  return { valid: await deps.tokens.isUsable('verify_email', tokenHash, deps.clock.nowMs()) };
}
