import type { Clock } from '../platform/clock.ts';
import { type RequestOrigin, type SignInResult, normalizeEmail } from './account.ts';
import type { AccountStore } from './account-store.ts';
import { NO_PASSWORD_HASH, type PasswordHasher } from './password-hasher.ts';
import type { Sessions } from './sessions.ts';
import type { SignInFailureStore } from './sign-in-failure-store.ts';
import { accountSubject, addressSubject } from './sign-in-throttle.ts';
import type { SignInRequest } from './sign-in.form.ts';

interface SignInDeps {
  accounts: AccountStore;
  failures: SignInFailureStore;
  hasher: PasswordHasher;
  sessions: Sessions;
  clock: Clock;
  sessionSecret: Uint8Array;
}

/** Unknown address, wrong password and suspended account look alike, in answer and in time (yardstick A7). */
export async function signIn(deps: SignInDeps, request: SignInRequest, origin: RequestOrigin): Promise<SignInResult> {
  const nowMs = deps.clock.nowMs();
  const byAccount = accountSubject(deps.sessionSecret, request.email);
  const byAddress = addressSubject(origin.address);
  const wait = await deps.failures.charge([byAccount, byAddress], nowMs);
  if (wait > 0) return { ok: false, reason: 'too_many_attempts', retryAfterSeconds: Math.ceil(wait / 1000) };

  const found = await deps.accounts.findForSignIn(normalizeEmail(request.email));
  const correct = await deps.hasher.verify(found?.passwordHash ?? NO_PASSWORD_HASH, request.password);
  if (correct === null) {
    await deps.failures.refund([byAccount, byAddress]);
    return { ok: false, reason: 'busy' };
  }
  if (!found || !correct || found.account.suspendedAtMs !== null) return { ok: false, reason: 'wrong_credentials' };

  await deps.failures.clear(byAccount, byAddress);
  const { id, role } = found.account;
  const session = await deps.sessions.start(id, origin, nowMs);
  return { ok: true, sessionToken: session.token, expiresAtMs: session.expiresAtMs, role };
}
