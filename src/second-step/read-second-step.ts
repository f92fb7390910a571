import type { Clock } from '../platform/clock.ts';
import type { SecondStep } from '../accounts/account.ts';
import { type PendingSignInStore, hashPendingToken } from '../sign-in/pending-sign-in-store.ts';
import type { SecondFactorStore } from './second-factor-store.ts';

/** What a sign-in whose password was right is asked for; null when that is over. */
export async function readSecondStep(
  deps: {
    pendingSignIns: PendingSignInStore;
    secondFactors: SecondFactorStore;
    clock: Clock;
    sessionSecret: Uint8Array;
  },
  pendingToken: string,
): Promise<SecondStep | null> {
  const id = hashPendingToken(deps.sessionSecret, pendingToken);
  const accountId = await deps.pendingSignIns.find(id, deps.clock.nowMs());
  return accountId === null ? null : deps.secondFactors.secondStep(accountId);
}
