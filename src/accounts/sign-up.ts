import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import type { RequestOrigin, SignUpResult } from './account.ts';
import type { AccountStore } from './account-store.ts';
import { newAccount } from './new-account.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { passwordRefusal } from './password-rules.ts';
import type { SignUpRequest } from './sign-up.form.ts';

/** A new and a known address get the same answer after the same work; the mail that follows tells the owner of the mailbox. */
export async function signUp(
  deps: { accounts: AccountStore; hasher: PasswordHasher; clock: Clock; random: Random },
  request: SignUpRequest,
  origin: RequestOrigin,
): Promise<SignUpResult> {
  const refusal = passwordRefusal(request.password, request.email);
  if (refusal) return { ok: false, ...refusal };
  const passwordHash = await deps.hasher.hash(request.password);
  if (passwordHash === null) return { ok: false, reason: 'busy' };
  const nowMs = deps.clock.nowMs();
  const { email } = request;
  await deps.accounts.signUp(newAccount(deps.random, { email, passwordHash, role: 'developer', origin, nowMs }));
  return { ok: true };
}
