import type { Clock } from '../platform/clock.ts';
import type { Actor } from '../accounts/account.ts';
import type { AccountStore } from '../accounts/account-store.ts';

/** A new link ends the old one. At most one mail a minute; nothing for who is verified already. */
export async function resendVerification(deps: { accounts: AccountStore; clock: Clock }, actor: Actor): Promise<void> {
  if (actor.emailVerified) return;
  await deps.accounts.requestVerification(actor.accountId, deps.clock.nowMs());
}
