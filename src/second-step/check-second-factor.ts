import type { SecondFactorFailure } from '../accounts/account.ts';
import { tooManyAttempts } from '../passwords/check-password.ts';
import { decryptTotpSecret, hashRecoveryCode, totpStep } from './second-factor.ts';
import type { Change, SecondFactorStore } from './second-factor-store.ts';
import type { SignInFailureStore } from '../sign-in/sign-in-failure-store.ts';
import { secondFactorSubject, waitMs } from '../sign-in/sign-in-throttle.ts';

export interface SecondFactorDeps {
  secondFactors: SecondFactorStore;
  failures: SignInFailureStore;
  sessionSecret: Uint8Array;
}

/** The one place where a code of the second factor that is on, or a recovery code, is checked and used up. */
export function checkSecondFactor(
  deps: SecondFactorDeps,
  code: string,
  change: Change,
): Promise<{ ok: true } | SecondFactorFailure> {
  const { accountId, nowMs } = change;
  return countAttempt(deps, code, change, async (typed) => {
    if (!/^\d{6}$/.test(typed)) {
      const isUsed = await deps.secondFactors.useRecoveryCode(change, hashRecoveryCode(accountId, typed));
      return isUsed ? 'recovery_code' : null;
    }
    const factor = await deps.secondFactors.find(accountId);
    const secret = factor && decryptTotpSecret(deps.sessionSecret, accountId, factor.encryptedSecret);
    const step = secret && totpStep(secret, typed, nowMs);
    return step !== null && (await deps.secondFactors.useStep(accountId, step)) ? step : null;
  });
}

/**
 * Counts before it looks, in a transaction of its own: neither parallel attempts nor a failure afterwards lose one
 * (CVE-2026-35597). The counter is apart from that of passwords, and stricter.
 * @param look what the code is, or null when it is wrong
 */
export async function countAttempt<Found>(
  { failures: store }: SecondFactorDeps,
  code: string,
  { accountId, address, nowMs }: Change,
  look: (code: string) => Promise<Found | null>,
): Promise<{ ok: true; found: Found } | SecondFactorFailure> {
  const subject = secondFactorSubject(accountId);
  const charge = await store.charge([subject], nowMs);
  if (!charge.ok) return tooManyAttempts(charge.waitMs);
  const found = await look(code.replaceAll(/\s/g, ''));
  if (found !== null) {
    await store.clear(subject, []);
    return { ok: true, found };
  }
  const { failures } = charge;
  const isLockedOut = waitMs({ failures, lastFailedAtMs: nowMs }, subject, nowMs) > 0;
  await store.report(
    { action: 'account.second_factor_failed', subject: accountId, address, failures, isLockedOut },
    nowMs,
  );
  return { ok: false, reason: 'wrong_code' };
}
