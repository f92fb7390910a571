import type { Actor, ChangePasswordResult, RequestOrigin } from '../accounts/account.ts';
import type { ChangePasswordRequest } from './change-password.form.ts';
import { checkPassword } from './check-password.ts';
import { newSession } from '../sessions/new-session.ts';
import { newPasswordRefusal } from './password-rules.ts';
import type { PasswordStore } from './password-store.ts';
import type { SignInDeps } from '../sign-in/sign-in.ts';
import { accountSubject } from '../sign-in/sign-in-throttle.ts';

/** Takes the present password. Every session ends, and this browser gets a new one (yardsticks A5, A6). */
export async function changePassword(
  deps: SignInDeps & { passwords: PasswordStore },
  actor: Actor,
  { currentPassword, password }: ChangePasswordRequest,
  origin: RequestOrigin,
): Promise<ChangePasswordResult> {
  const nowMs = deps.clock.nowMs();
  const { accountId, email } = actor;
  const refusal = newPasswordRefusal(password, email, await deps.secondFactors.isOn(accountId));
  if (refusal) return { ok: false, ...refusal };
  const checked = await checkPassword(deps, { email, password: currentPassword }, origin, nowMs);
  if (!checked.ok) return checked;
  if (password === currentPassword) return { ok: false, reason: 'password_unchanged' };
  const passwordHash = await deps.hasher.hash(password);
  if (passwordHash === null) return { ok: false, reason: 'busy' };
  const failures = accountSubject(deps.sessionSecret, email);
  const changed = { passwordHash, address: origin.address, failures, nowMs };
  // Of two changes at once the second finds that its present password is the former one by now.
  if (!(await deps.passwords.change(accountId, checked.passwordHash, changed)))
    return { ok: false, reason: 'wrong_credentials' };
  return newSession(deps, accountId, { ...origin, formerSessionToken: null }, nowMs);
}
