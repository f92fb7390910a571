import type { Clock } from '../platform/clock.ts';
import type { Actor, VerifyEmailResult } from '../accounts/account.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import { hashOneTimeToken } from './one-time-token.ts';

/** Uses the link of the verification mail up: once, within ten minutes, only the newest one, only for its account. */
export async function verifyEmail(
  deps: { accounts: AccountStore; clock: Clock; sessionSecret: Uint8Array },
  actor: Actor,
  token: string,
): Promise<VerifyEmailResult> {
  const tokenHash = hashOneTimeToken(deps.sessionSecret, 'verify_email', token);
  const email = await deps.accounts.verifyEmail(actor.accountId, tokenHash, deps.clock.nowMs());
  return email === null ? { ok: false, reason: 'invalid_or_expired' } : { ok: true, email };
}
