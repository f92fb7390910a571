import type { Clock } from '../platform/clock.ts';
import { type RequestOrigin, type RequestPasswordResetResult, normalizeEmail } from '../accounts/account.ts';
import { mailAllowance, resetAllowance } from '../accounts/allowance.ts';
import type { PasswordStore } from './password-store.ts';

/**
 * The same work and the same answer for every address: whether it has an account is looked at later, by who writes
 * the mail (yardsticks A7, A9).
 */
export async function requestPasswordReset(
  deps: { passwords: PasswordStore; clock: Clock; sessionSecret: Uint8Array },
  typedEmail: string,
  origin: RequestOrigin,
): Promise<RequestPasswordResetResult> {
  const email = normalizeEmail(typedEmail);
  const wait = await deps.passwords.requestReset({
    email,
    byAddress: resetAllowance(origin.address),
    byEmail: mailAllowance(deps.sessionSecret, email),
    nowMs: deps.clock.nowMs(),
  });
  if (wait > 0) return { ok: false, reason: 'too_many_requests', retryAfterSeconds: Math.ceil(wait / 1000) };
  return { ok: true };
}
