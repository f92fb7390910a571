import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import type { RequestOrigin, SignUpResult } from './account.ts';
import type { AccountStore } from './account-store.ts';
import { signUpAllowance } from './allowance.ts';
import type { AllowanceStore } from './allowance-store.ts';
import { newAccount } from './new-account.ts';
import type { PasswordHasher } from '../passwords/password-hasher.ts';
import { passwordRefusal } from '../passwords/password-rules.ts';
import type { SignUpRequest } from './sign-up.form.ts';

/** A new and a known address get the same answer after the same work; the mail that follows tells the owner of the mailbox. */
export async function signUp(
  deps: { accounts: AccountStore; allowances: AllowanceStore; hasher: PasswordHasher; clock: Clock; random: Random },
  request: SignUpRequest,
  origin: RequestOrigin,
): Promise<SignUpResult> {
  const refusal = passwordRefusal(request.password, request.email);
  if (refusal) return { ok: false, ...refusal };
  const nowMs = deps.clock.nowMs();
  // First, so that nobody makes us hash one password after the other.
  const allowance = signUpAllowance(origin.address);
  const wait = await deps.allowances.take([allowance], nowMs);
  if (wait > 0) return { ok: false, reason: 'too_many_sign_ups', retryAfterSeconds: Math.ceil(wait / 1000) };
  const passwordHash = await deps.hasher.hash(request.password);
  if (passwordHash === null) {
    await deps.allowances.giveBack(allowance);
    return { ok: false, reason: 'busy' };
  }
  const { email } = request;
  await deps.accounts.signUp(newAccount(deps.random, { email, passwordHash, role: 'developer', origin, nowMs }));
  return { ok: true };
}
