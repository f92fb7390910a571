import type { Actor, ConfirmEmailResult, RequestOrigin } from '../accounts/account.ts';
import type { EmailChangeStore } from './email-change-store.ts';
import { newSession } from '../sessions/new-session.ts';
import { hashOneTimeToken } from './one-time-token.ts';
import type { SignInDeps } from '../sign-in/sign-in.ts';

/** The link to the new address, followed in a session of the account: both are proved. Every session ends. */
export async function confirmEmail(
  deps: SignInDeps & { emailChanges: EmailChangeStore },
  actor: Actor,
  token: string,
  origin: RequestOrigin,
): Promise<ConfirmEmailResult> {
  const nowMs = deps.clock.nowMs();
  const { accountId } = actor;
  const tokenHash = hashOneTimeToken(deps.sessionSecret, 'change_email', token);
  const outcome = await deps.emailChanges.confirm({ accountId, address: origin.address, nowMs }, tokenHash);
  if (outcome !== 'changed') return { ok: false, reason: outcome };
  return newSession(deps, accountId, { ...origin, formerSessionToken: null }, nowMs);
}
