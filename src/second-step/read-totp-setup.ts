import type { Clock } from '../platform/clock.ts';
import { type Actor, TOTP_SETUP_MS, type TotpSetup } from '../accounts/account.ts';
import { decryptTotpSecret, totpSetupKey, totpUri } from './second-factor.ts';
import type { SecondFactorStore } from './second-factor-store.ts';

interface SetupDeps {
  secondFactors: SecondFactorStore;
  clock: Clock;
  sessionSecret: Uint8Array;
}

/** What an authenticator app needs, while it is being set up; null before and after. */
export async function readTotpSetup(deps: SetupDeps, actor: Actor): Promise<TotpSetup | null> {
  const prepared = await findPreparedSecret(deps, actor.accountId);
  return prepared && { setupKey: totpSetupKey(prepared.secret), uri: totpUri(prepared.secret, actor.email) };
}

/** null when none was prepared lately, or a second factor is on already. */
export async function findPreparedSecret(
  deps: SetupDeps,
  accountId: string,
): Promise<{ secret: Uint8Array; encryptedSecret: Uint8Array } | null> {
  const factor = await deps.secondFactors.find(accountId);
  if (!factor || factor.isOn || factor.preparedAtMs <= deps.clock.nowMs() - TOTP_SETUP_MS) return null;
  const { encryptedSecret } = factor;
  const secret = decryptTotpSecret(deps.sessionSecret, accountId, encryptedSecret);
  return secret && { secret, encryptedSecret };
}
