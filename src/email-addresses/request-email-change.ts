import type { Clock } from '../platform/clock.ts';
import { type Actor, type RequestEmailChangeResult, type RequestOrigin, normalizeEmail } from '../accounts/account.ts';
import { emailChangeAllowance, mailAllowance } from '../accounts/allowance.ts';
import type { PasswordCheckDeps } from '../passwords/check-password.ts';
import type { EmailChangeStore } from './email-change-store.ts';
import { proveIdentity } from '../second-step/prove-identity.ts';
import type { RequestEmailChangeRequest } from './request-email-change.form.ts';

/**
 * Takes the password, or a recent sign-in of an account that has none, and changes nothing yet: both addresses are told, and the new one must be confirmed. An address
 * that has an account gets the same answer; only its mailbox learns more (yardstick A7).
 */
export async function requestEmailChange(
  deps: PasswordCheckDeps & { emailChanges: EmailChangeStore; clock: Clock },
  actor: Actor,
  { email, currentPassword }: RequestEmailChangeRequest,
  origin: RequestOrigin,
): Promise<RequestEmailChangeResult> {
  const nowMs = deps.clock.nowMs();
  if (normalizeEmail(email) === normalizeEmail(actor.email)) return { ok: false, reason: 'same_email' };
  const checked = await proveIdentity(deps, actor, currentPassword, origin, nowMs);
  if (!checked.ok) return checked;
  const allowances = [emailChangeAllowance(actor.accountId), mailAllowance(deps.sessionSecret, email)];
  const change = { accountId: actor.accountId, address: origin.address, nowMs };
  const wait = await deps.emailChanges.request(change, email, allowances);
  if (wait > 0) return { ok: false, reason: 'too_many_requests', retryAfterSeconds: Math.ceil(wait / 1000) };
  return { ok: true };
}
