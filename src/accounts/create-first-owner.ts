import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import type { CreateFirstOwnerResult, RequestOrigin } from './account.ts';
import type { AccountStore } from './account-store.ts';
import { newAccount } from './new-account.ts';
import { hashOneTimeToken } from '../email-addresses/one-time-token.ts';
import type { OneTimeTokenStore } from '../email-addresses/one-time-token-store.ts';
import type { PasswordHasher } from '../passwords/password-hasher.ts';
import { passwordRefusal } from '../passwords/password-rules.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { SignUpRequest } from './sign-up.form.ts';

interface CreateFirstOwnerDeps {
  accounts: AccountStore;
  tokens: OneTimeTokenStore;
  hasher: PasswordHasher;
  sessions: Sessions;
  clock: Clock;
  random: Random;
  sessionSecret: Uint8Array;
}

/** The holder of the link from the console becomes the first owner and is signed in. A refusal leaves the link good. */
export async function createFirstOwner(
  deps: CreateFirstOwnerDeps,
  token: string,
  request: SignUpRequest,
  origin: RequestOrigin,
): Promise<CreateFirstOwnerResult> {
  const nowMs = deps.clock.nowMs();
  const tokenHash = hashOneTimeToken(deps.sessionSecret, 'first_owner', token);
  // First, so that nobody without the link makes us hash a password.
  if (!(await deps.tokens.isUsable('first_owner', tokenHash, nowMs)))
    return { ok: false, reason: 'invalid_or_expired' };
  const refusal = passwordRefusal(request.password, request.email);
  if (refusal) return { ok: false, ...refusal };
  const passwordHash = await deps.hasher.hash(request.password);
  if (passwordHash === null) return { ok: false, reason: 'busy' };

  const owner = newAccount(deps.random, { email: request.email, passwordHash, role: 'owner', origin, nowMs });
  const outcome = await deps.accounts.createFirstOwner(tokenHash, owner);
  if (outcome !== 'created') return { ok: false, reason: outcome };
  const session = await deps.sessions.start(owner.id, origin, nowMs);
  return { ok: true, sessionToken: session.token, expiresAtMs: session.expiresAtMs };
}
